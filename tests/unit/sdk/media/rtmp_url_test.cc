#include "sluice/media/rtmp_url.h"

#include <doctest/doctest.h>

#include <string>

namespace sluice::media {
namespace {

TEST_CASE("an RTMP address has a host, an application and a key") {
  const auto url = parse_rtmp_url("rtmp://live.example.org/app/key");
  REQUIRE(url);
  CHECK(!url->tls);
  CHECK(url->host == "live.example.org");
  CHECK(url->port == 1'935);
  CHECK(url->app == "app");
  CHECK(url->key == "key");

  const auto full = parse_rtmp_url("RTMPS://eve:pw@[2001:db8::1]:4443/app/instance/key?a=/b@c");
  REQUIRE(full);
  CHECK(full->tls);
  CHECK(full->credentials == "eve:pw");
  CHECK(full->host == "2001:db8::1");
  CHECK(full->authority() == "[2001:db8::1]");
  CHECK(full->port == 4'443);
  CHECK(full->app == "app/instance");
  CHECK(full->key == "key?a=/b@c");
  CHECK(parse_rtmp_url("rtmps://h/app/key")->port == 443);
  CHECK(parse_rtmp_url("rtmp://h//app//key")->app == "app");
}

TEST_CASE("an application may have a query of its own") {
  const auto url = parse_rtmp_url("rtmp://h/app?token=t/key");
  REQUIRE(url);
  CHECK(url->app == "app?token=t");
  CHECK(url->key == "key");
}

TEST_CASE("what is no RTMP address is refused with the reason") {
  const struct {
    std::string url;
    RtmpUrlError error;
  } cases[]{
      {"", RtmpUrlError::not_rtmp},
      {"http://h/app/key", RtmpUrlError::not_rtmp},
      {"rtmpt://h/app/key", RtmpUrlError::not_rtmp},
      {"rtmp:/h/app/key", RtmpUrlError::not_rtmp},
      {"rtmp:///app/key", RtmpUrlError::no_host},
      {"rtmp://:1935/app/key", RtmpUrlError::no_host},
      {"rtmp://user@/app/key", RtmpUrlError::no_host},
      {"rtmp://[::1/app/key", RtmpUrlError::bad_host},
      {"rtmp://[::1%25lo]/app/key", RtmpUrlError::bad_host},
      {"rtmp://h%41/app/key", RtmpUrlError::bad_host},
      {"rtmp://" + std::string(254, 'h') + "/app/key", RtmpUrlError::bad_host},
      {"rtmp://h:/app/key", RtmpUrlError::bad_port},
      {"rtmp://h:0/app/key", RtmpUrlError::bad_port},
      {"rtmp://h:65536/app/key", RtmpUrlError::bad_port},
      {"rtmp://h:1 /app/key", RtmpUrlError::bad_character},
      {"rtmp://h:-1/app/key", RtmpUrlError::bad_port},
      {"rtmp://[::1]x/app/key", RtmpUrlError::bad_port},
      {"rtmp://h", RtmpUrlError::no_app},
      {"rtmp://h/", RtmpUrlError::no_app},
      {"rtmp://h?key", RtmpUrlError::no_app},
      {"rtmp://h/app", RtmpUrlError::no_key},
      {"rtmp://h/app/", RtmpUrlError::no_key},
      {"rtmp://h/app/?k=v", RtmpUrlError::no_key},
      {"rtmp://h/app/k\ney", RtmpUrlError::bad_character},
      {std::string("rtmp://h/app/k\0y", 16), RtmpUrlError::bad_character},
      {"rtmp://h/app/k\xc3\xa9y", RtmpUrlError::bad_character},
      {"rtmp://h/app/" + std::string(2'048, 'k'), RtmpUrlError::too_long},
      {"rtmp://h/" + std::string(1'024, 'a') + "/key", RtmpUrlError::too_long},
      {"rtmp://" + std::string(100, 'u') + "@h/app/key", RtmpUrlError::too_long},
  };
  for (const auto& [url, error] : cases) {
    CAPTURE(url);
    const auto parsed = parse_rtmp_url(url);
    REQUIRE(!parsed);
    CHECK(parsed.error() == error);
    CHECK(!to_text(error).empty());
    CHECK(masked_rtmp_url(url) == "****");
  }
}

TEST_CASE("an address is shown without its key, its user, its password and its queries") {
  CHECK(masked_rtmp_url("rtmp://live.example.org/app/key") == "rtmp://live.example.org/app/****");
  CHECK(masked_rtmp_url("rtmps://eve:pw@h:4443/app/x/key?secret=1") == "rtmps://h:4443/app/x/****");
  CHECK(masked_rtmp_url("rtmp://h:1935/app?token=t/key") == "rtmp://h/app/****");
  CHECK(masked_rtmp_url("rtmp://a@b@h/app/key") == "rtmp://h/app/****");
  CHECK(masked_rtmp_url("rtmp://[::1]/app/key") == "rtmp://[::1]/app/****");
  CHECK(masked_rtmp_url("a key pasted where the address belongs") == "****");
}

}  // namespace
}  // namespace sluice::media

#include "control/target_address.h"

#include <doctest/doctest.h>

#include "sluice/error.h"

namespace sluice::livestream {

namespace {

constexpr const char* kKey = "abcd-1234-secret";

/// The field that is complained of; the key is in no complaint.
std::string refused(std::string_view url, std::string_view key) {
  try {
    static_cast<void>(make_address(url, key, {}));
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_payload);
    CHECK(std::string{error.what()}.find(kKey) == std::string::npos);
    return std::string{error.details().at("path").as_string()};
  }
  return {};
}

}  // namespace

TEST_CASE("an address and its key are joined, and the key is not shown") {
  struct Row {
    const char* url;
    const char* key;
    const char* whole;
  };
  for (const Row& row :
       {Row{"rtmp://a.rtmp.youtube.com/live2", kKey, "rtmp://a.rtmp.youtube.com/live2/abcd-1234-secret"},
        Row{"rtmp://live.twitch.tv/app/", kKey, "rtmp://live.twitch.tv/app/abcd-1234-secret"},
        Row{"rtmps://[2001:db8::1]:443/a/b", kKey, "rtmps://[2001:db8::1]:443/a/b/abcd-1234-secret"},
        Row{"RTMP://example.org:1936/live/abcd-1234-secret", "", "RTMP://example.org:1936/live/abcd-1234-secret"},
        Row{"rtmp://example.org/live", "abcd-1234-secret?token=t0k3n",
            "rtmp://example.org/live/abcd-1234-secret?token=t0k3n"}}) {
    CAPTURE(row.url);
    const TargetAddress address = make_address(row.url, row.key, "Name");
    CHECK(address.url.reveal() == row.whole);
    CHECK(address.shown.find(kKey) == std::string::npos);
    CHECK(address.shown.find("t0k3n") == std::string::npos);
    CHECK(address.name == "Name");
  }
  CHECK(make_address("rtmp://Example.org/live", kKey, {}).name == "example.org");
}

TEST_CASE("an address that cannot be right is refused by its field") {
  CHECK(refused("", kKey) == "url");
  CHECK(refused("https://example.org/live", kKey) == "url");
  CHECK(refused("rtmp://example.org", kKey) == "url");
  CHECK(refused("rtmp:///live", kKey) == "url");
  CHECK(refused("rtmp://example.org:0/live", kKey) == "url");
  CHECK(refused("rtmp://example.org:65536/live", kKey) == "url");
  CHECK(refused("rtmp://example.org:/live", kKey) == "url");
  CHECK(refused("rtmp://me:abcd-1234-secret@example.org/live", kKey) == "url");
  CHECK(refused("rtmp://example.org/li ve", kKey) == "url");
  CHECK(refused("rtmp://example.org/live", "abcd-1234-secret\r\n") == "url");
  CHECK(refused("rtmp://example.org/live", std::string(4'000, 'x')) == "url");
  CHECK(refused("rtmp://example.org/live", "") == "key");
}

TEST_CASE("hosts are allowed by name or by a pattern of their domain") {
  CHECK(is_allowed({}, "anywhere.example"));
  CHECK(is_allowed({"*.YouTube.com"}, "a.rtmp.youtube.com"));
  CHECK(is_allowed({"live.twitch.tv"}, "live.twitch.tv"));
  CHECK(!is_allowed({"*.youtube.com"}, "youtube.com.evil.example"));
  CHECK(!is_allowed({"*.youtube.com"}, "notyoutube.com"));
  CHECK(!is_allowed({"live.twitch.tv"}, "x.live.twitch.tv"));
  CHECK(host_of("rtmps://User.Example.ORG:443/live") == "user.example.org");
  CHECK(host_of("http://example.org/") == "");
}

TEST_CASE("what a server or a process says of a target is shown without its key") {
  const TargetAddress address = make_address("rtmp://example.org/live", "abcd-1234-secret?token=t0k3n", {});
  for (const char* said : {"rtmp://example.org/live/abcd-1234-secret?token=t0k3n: refused", "no abcd-1234-secret here",
                           "stream abcd-1234-secret?token=t0k3n is busy", "bad token=t0k3n\r\n"}) {
    const std::string shown = without_secrets(address, said);
    CAPTURE(shown);
    CHECK(shown.find("secret") == std::string::npos);
    CHECK(shown.find("t0k3n") == std::string::npos);
    CHECK(shown.find('\n') == std::string::npos);
  }
}

}  // namespace sluice::livestream

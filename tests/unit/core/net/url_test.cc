#include "core/net/url.h"

#include <doctest/doctest.h>

#include <optional>

namespace sluice::net {

TEST_CASE("a path is decoded first and normalised after") {
  struct Case {
    std::string_view target;
    std::string_view path;
  };
  const Case cases[] = {
      {"/", "/"},
      {"/a/b", "/a/b"},
      {"/a/b/", "/a/b/"},
      {"//a///b", "/a/b"},
      {"/a/./b/../c", "/a/c"},
      {"/a/%2e%2E/c", "/c"},
      {"/a/..", "/"},
      {"/a/b/..", "/a/"},
      {"/a/b/.", "/a/b/"},
      {"/%41%20b+c", "/A b+c"},
      {"/%25%32%66", "/%2f"},  // decoded once
      {"/caf%C3%A9", "/caf\xc3\xa9"},
      {"/a\\..\\b", "/a\\..\\b"},  // a byte like any other here; static files refuse it
      {"/...", "/..."},
      {"http://host/a?b=c", "/a"},
      {"https://host:1/", "/"},
      {"http://host", "/"},
      {"http://host?q", "/"},
      {"/a#b?c", "/a"},
  };
  for (const Case& expected : cases) {
    CAPTURE(expected.target);
    const auto target = parse_target(expected.target);
    REQUIRE(target);
    CHECK(target->path == expected.path);
  }
}

TEST_CASE("a target that is no path of ours is refused with its reason") {
  struct Case {
    std::string target;
    UrlError error;
  };
  const Case cases[] = {
      {"", UrlError::not_a_path},
      {"a", UrlError::not_a_path},
      {"*", UrlError::not_a_path},
      {"ftp://host/", UrlError::not_a_path},
      {"/..", UrlError::above_root},
      {"/../etc/passwd", UrlError::above_root},
      {"/%2e%2e/etc", UrlError::above_root},
      {"/a/../../b", UrlError::above_root},
      {"/a%2Fb", UrlError::hidden_slash},
      {"/..%2f..%2fetc", UrlError::hidden_slash},
      {"/%", UrlError::bad_escape},
      {"/%4", UrlError::bad_escape},
      {"/%zz", UrlError::bad_escape},
      {"/?a=%g0", UrlError::bad_escape},
      {"/%00", UrlError::forbidden_byte},
      {"/a%0d%0aSet-Cookie:b", UrlError::forbidden_byte},
      {"/%7f", UrlError::forbidden_byte},
      {"/?a=%00", UrlError::forbidden_byte},
      {"/%ff", UrlError::forbidden_byte},
      {"/%c0%ae%c0%ae/", UrlError::forbidden_byte},  // an overlong ".."
      {"/%ed%a0%80", UrlError::forbidden_byte},      // a surrogate
      {"/" + std::string(kMaxTargetBytes, 'a'), UrlError::too_long},
  };
  for (const Case& expected : cases) {
    CAPTURE(expected.target);
    const auto target = parse_target(expected.target);
    REQUIRE(!target);
    CHECK(target.error() == expected.error);
  }
}

TEST_CASE("a query gives decoded names and values, the last of a repeated name") {
  const auto target = parse_target("/?EIO=4&transport=polling&t=a%26b&name=J+D%2B&x&=y&&name=K");
  REQUIRE(target);
  const HttpFields expected{{"EIO", "4"}, {"transport", "polling"}, {"t", "a&b"}, {"name", "K"}, {"x", ""}, {"", "y"}};
  CHECK(target->query == expected);
}

TEST_CASE("a query of too many fields is refused") {
  std::string text = "/?";
  for (std::size_t i = 0; i < kMaxQueryFields; ++i) text += "a&";
  CHECK(parse_target(text).has_value());
  CHECK(parse_target(text + "a").error() == UrlError::too_long);
}

TEST_CASE("UTF-8 is what RFC 3629 section 4 says") {
  for (const std::string_view good : {"", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                                      "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    CHECK(is_utf8(good));
  }
  for (const std::string_view bad : {"\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe1\x80",
                                     "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc2\x41"}) {
    CHECK(!is_utf8(bad));
  }
}

}  // namespace sluice::net

#include "sluice/identity.h"

#include <doctest/doctest.h>

#include <string>

namespace sluice {
namespace {

TEST_CASE("names in any script pass as they are") {
  for (const std::string name : {"Ada Lovelace", "Zoë", "李小龍", "محمد", "🙂 ok"}) CHECK(sanitise_text(name) == name);
}

TEST_CASE("what would disturb a log or a page is removed") {
  CHECK(sanitise_text("a\r\nX-Admin: 1") == "aX-Admin: 1");
  CHECK(sanitise_text("a\x1b[31mb\x7f") == "a[31mb");
  CHECK(sanitise_text(std::string{"a\0b", 3}) == "ab");
  CHECK(sanitise_text("a\xc2\x85"
                      "b") == "ab");  // C1: next line
  CHECK(sanitise_text("a\xe2\x80\xa8"
                      "b") == "ab");  // U+2028
  CHECK(sanitise_text("gpj\xe2\x80\xae"
                      ".exe") == "gpj.exe");  // right-to-left override
  CHECK(sanitise_text("  a b  ") == "a b");
  CHECK(sanitise_text(" \t\n ").empty());
}

TEST_CASE("invalid UTF-8 becomes U+FFFD") {
  for (const std::string bad : {"\xff", "\x80", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82"}) {
    CAPTURE(bad.size());
    const std::string clean = sanitise_text("a" + bad + "b");
    CHECK(clean.starts_with("a\xef\xbf\xbd"));
    CHECK(clean.ends_with("b"));
  }
}

TEST_CASE("the cut is at a character's boundary") {
  CHECK(sanitise_text("abcdef", 4) == "abcd");
  CHECK(sanitise_text("ab\xe2\x82\xac", 4) == "ab");
  CHECK(sanitise_text("ab\xe2\x82\xac", 5) == "ab\xe2\x82\xac");
  CHECK(sanitise_text(std::string(10'000, 'x')).size() == Identity::kMaxBytes);
}

}  // namespace
}  // namespace sluice

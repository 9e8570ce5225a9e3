#include "sdk/media/src/text_line.h"

#include <doctest/doctest.h>

#include <string>

namespace sluice::media {
namespace {

std::string cleaned(std::string_view text) { return to_utf8(clean_line(text)); }
std::string initials(std::string_view text) { return to_utf8(initials_of(clean_line(text))); }

}  // namespace

TEST_CASE("a line in any script stays what it is") {
  for (const char* text : {"Ada Lovelace", "Zoë Ångström", "Алексей Ляпунов", "Ελένη", "עדה יונת", "李小龙", "a😀b"}) {
    CHECK(cleaned(text) == text);
  }
}

TEST_CASE("what would break the line or begin another is a space") {
  CHECK(cleaned("  a\nb\r\n\tc\v\fd \x7f e  ") == "a b c d e");
  CHECK(cleaned("a\u2028b\u2029c\u00a0d\u3000e") == "a b c d e");
  CHECK(cleaned(std::string_view{"a\0b", 3}) == "a b");
  CHECK(cleaned("\n \t").empty());
  CHECK(cleaned("").empty());
}

TEST_CASE("nothing that is not seen, and nothing that turns the writing, is left") {
  CHECK(cleaned("a\u202eb\u2066c\u200bd\ufeffe\u00adf\ufe0fg") == "abcdefg");
  CHECK(cleaned("\U000e0041x\U0001f3fd") == "x");
}

TEST_CASE("letters carry two accents at most") {
  CHECK(cleaned("e\u0301\u0302\u0303\u0304\u0305x\u0301") == "e\u0301\u0302x\u0301");
}

TEST_CASE("octets that are not UTF-8 become replacement characters") {
  CHECK(cleaned("a\xff"
                "b") == "a\ufffdb");
  CHECK(cleaned("\xc0\xaf") == "\ufffd\ufffd");            // longer than needed
  CHECK(cleaned("\xed\xa0\x80") == "\ufffd\ufffd\ufffd");  // a surrogate
  CHECK(cleaned("\xf4\x90\x80\x80") == "\ufffd\ufffd\ufffd\ufffd");
  CHECK(cleaned("\xe2\x82") == "\ufffd\ufffd");  // cut off
  CHECK(cleaned("\xe2\x28\xa1") == "\ufffd(\ufffd");
}

TEST_CASE("a line has at most 128 characters") {
  CHECK(clean_line(std::string(100'000, 'x')).size() == kMaxLineLength);
  std::string wide;
  for (int i = 0; i < 1000; ++i) wide += "😀";
  CHECK(clean_line(wide).size() == kMaxLineLength);
  CHECK(clean_line(std::string(100'000, '\n')).empty());
}

TEST_CASE("initials are the first letters of the first and the last word") {
  CHECK(initials("Ada Lovelace") == "AL");
  CHECK(initials("ada") == "A");
  CHECK(initials("Johann Sebastian Bach") == "JB");
  CHECK(initials("алексей ляпунов") == "АЛ");
  CHECK(initials("ελένη παπαδοπούλου") == "ΕΠ");
  CHECK(initials("åsa élan") == "ÅÉ");
  CHECK(initials("李 小龙") == "李小");
  CHECK(initials("(guest) \"Bob\"") == "GB");
  CHECK(initials("7 of 9") == "79");
  CHECK(initials("%{localtime}") == "L");
  CHECK(initials("--- ??").empty());
  CHECK(initials("").empty());
}

}  // namespace sluice::media

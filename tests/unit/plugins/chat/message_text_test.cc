#include "plugins/chat/message_text.h"

#include <doctest/doctest.h>

namespace sluice::chat {

TEST_CASE("messages keep their lines and lose what is no text") {
  CHECK(sanitise_message("one\r\ntwo\rthree\xe2\x80\xa8"
                         "four") == "one\ntwo\nthree\nfour");
  CHECK(sanitise_message(" \n\tHello \n\n") == "Hello");
  CHECK(sanitise_message("a\tb  c") == "a\tb  c");
  CHECK(sanitise_message(std::string_view{"a\0b\x1b[31m\x7f", 9}) == "ab[31m");
  CHECK(sanitise_message("broken \xff\xc3") == "broken \xef\xbf\xbd\xef\xbf\xbd");
  CHECK(sanitise_message("<b>bold</b>") == "<b>bold</b>");  // text, not markup: who shows it escapes it
  CHECK(sanitise_message("\x01\n ").empty());
}

TEST_CASE("text from right to left stays, what turns the direction of others does not") {
  const std::string hebrew = "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d\xe2\x80\x8f!";  // with a right-to-left mark
  CHECK(sanitise_message(hebrew) == hebrew);
  CHECK(sanitise_message("a\xe2\x80\xae"
                         "b\xe2\x81\xa7"
                         "c\xe2\x80\xac") == "abc");
}

TEST_CASE("emoji of several code points stay whole") {
  const std::string family = "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7";
  CHECK(sanitise_message(family) == family);
}

TEST_CASE("characters are counted, not bytes") {
  CHECK(count_characters("abc") == 3);
  CHECK(count_characters("\xd7\xa9\xd7\x9c\xf0\x9f\x91\xa9") == 3);
}

TEST_CASE("an emoji is a picture, and no word") {
  for (const char* emoji : {"\xf0\x9f\x91\x8d", "\xe2\x9d\xa4\xef\xb8\x8f", "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa",
                            "1\xef\xb8\x8f\xe2\x83\xa3", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"}) {
    CAPTURE(emoji);
    CHECK(is_emoji(emoji));
  }
  for (const char* other : {"", "a", "12", ":-)", "<b>", "\xd7\xa9", "\xe2\x80\x8d", "\xff",
                            "\xf0\x9f\x91\x8d"
                            "a"}) {
    CAPTURE(other);
    CHECK_FALSE(is_emoji(other));
  }
  std::string many;
  for (int i = 0; i < 20; ++i) many += "\xf0\x9f\x91\x8d";
  CHECK_FALSE(is_emoji(many));
}

TEST_CASE("a file's name is one name") {
  CHECK(sanitise_file_name("report.pdf") == "report.pdf");
  CHECK(sanitise_file_name("../../etc/passwd") == "passwd");
  CHECK(sanitise_file_name("C:\\temp\\a.txt") == "a.txt");
  CHECK(sanitise_file_name("..") == "file");
  CHECK(sanitise_file_name("/") == "file");
  CHECK(sanitise_file_name(".hidden") == "hidden");
  CHECK(sanitise_file_name("a\r\nSet-Cookie: b") == "aSet-Cookie: b");
  CHECK(sanitise_file_name(std::string(5'000, 'x')).size() <= 200);
}

}  // namespace sluice::chat

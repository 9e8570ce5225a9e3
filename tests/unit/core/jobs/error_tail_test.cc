#include "core/jobs/error_tail.h"

#include <doctest/doctest.h>

#include <string>

namespace sluice {
namespace {

TEST_CASE("the last whole lines that fit are kept") {
  ErrorTail tail{10};
  tail.add("first");
  tail.add("two");
  CHECK(tail.text() == "first\ntwo");  // 6 and 4 bytes with their ends
  tail.add("x");
  CHECK(tail.text() == "two\nx");
  tail.add("longer than all");
  CHECK(tail.text().empty());
}

TEST_CASE("empty lines take room, too") {
  ErrorTail tail{8};
  tail.add("word");
  for (int i = 0; i < 4; ++i) tail.add("");
  CHECK(tail.text().empty());
}

TEST_CASE("what is shown is text, whatever was written") {
  ErrorTail tail{100};
  tail.add("\x1b[31mred\xff");
  tail.add("\r");
  tail.add("end");
  CHECK(tail.text() == "[31mred\xef\xbf\xbd\nend");
}

}  // namespace
}  // namespace sluice

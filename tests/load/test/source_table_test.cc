#include "tests/load/source_table.h"

#include <doctest/doctest.h>

namespace sluice::load {

TEST_CASE("a source remembers when its last packets were sent") {
  const MeasuredWindow window;
  Source source{0, 0, MediaKind::video};
  CHECK(!source.sent_at(0));
  for (std::uint64_t i = 0; i < Source::kRemembered + 10; ++i) {
    source.note_sent(i, static_cast<std::int64_t>(i) * 10, window);
  }
  CHECK(!source.sent_at(9));
  CHECK(source.sent_at(10) == 100);
  CHECK(source.sent_at(Source::kRemembered + 9) == static_cast<std::int64_t>(Source::kRemembered + 9) * 10);
  CHECK(!source.sent_at(Source::kRemembered + 10));
}

TEST_CASE("only what was sent in the window counts there") {
  MeasuredWindow window;
  SourceTable sources;
  Source& source = sources.add(0, MediaKind::audio);
  source.note_sent(0, 5, window);
  CHECK(source.sent_in_window() == 0);
  window.set(10, 20);
  source.note_sent(1, 9, window);
  source.note_sent(2, 10, window);
  source.note_sent(3, 19, window);
  source.note_sent(4, 20, window);
  CHECK(source.sent_in_window() == 2);
  sources.forget_window();
  CHECK(source.sent_in_window() == 0);
}

TEST_CASE("a stamp may name a source that there is not") {
  SourceTable sources;
  sources.add(0, MediaKind::audio);
  sources.add(4, MediaKind::video);
  CHECK(sources.find(1)->room() == 4);
  CHECK(sources.find(2) == nullptr);
}

}  // namespace sluice::load

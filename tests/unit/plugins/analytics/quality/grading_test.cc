#include "quality/grading.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>

using namespace sluice::analytics;

namespace {

/// The words of second after second, by their first letters; `-`: not known.
std::string shown(SteadyGrade& steady, std::string_view measured) {
  std::string out;
  for (const char letter : measured) {
    std::optional<Grade> grade;
    for (const Grade one : {Grade::poor, Grade::fair, Grade::good, Grade::excellent}) {
      if (sluice::to_json(one).as_string().front() == letter) grade = one;
    }
    const auto now = steady.update(grade);
    out += now ? sluice::to_json(*now).as_string().front() : '-';
  }
  return out;
}

}  // namespace

TEST_CASE("what is known decides, and the worst of it") {
  CHECK(grade_of({}) == std::nullopt);
  CHECK(grade_of({.round_trip_ms = 20}) == Grade::excellent);
  CHECK(grade_of({.loss = 0.02, .round_trip_ms = 20}) == Grade::good);
  CHECK(grade_of({.loss = 0.02, .round_trip_ms = 20, .jitter_ms = 70}) == Grade::fair);
  CHECK(grade_of({.loss = 0.02, .round_trip_ms = 700, .jitter_ms = 70}) == Grade::poor);
  CHECK(grade_of({.mos = 4.0}) == Grade::fair);
  CHECK(grade_of({.loss = 0, .frozen = 0.10}) == Grade::fair);
  CHECK(grade_of({.loss = 0, .camera_rate = 4}) == Grade::poor);
}

TEST_CASE("a bound belongs to the better word") {
  for (const Bounds& row : kBounds) {
    CHECK(grade_of({.loss = row.loss}) == row.grade);
    CHECK(grade_of({.round_trip_ms = row.round_trip_ms}) == row.grade);
    CHECK(grade_of({.jitter_ms = row.jitter_ms}) == row.grade);
    CHECK(grade_of({.mos = row.mos}) == row.grade);
    CHECK(grade_of({.frozen = row.frozen}) == row.grade);
    CHECK(grade_of({.camera_rate = row.camera_rate}) == row.grade);
    CHECK(*grade_of({.loss = row.loss + 1e-6}) < row.grade);
    CHECK(*grade_of({.mos = row.mos - 1e-6}) < row.grade);
  }
}

TEST_CASE("a path that has broken is poor, whatever its last figures were") {
  CHECK(grade_of({.round_trip_ms = 20, .cut_off = true}) == Grade::poor);
  CHECK(grade_of({.cut_off = true}) == Grade::poor);
}

TEST_CASE("a word changes after three worse seconds or eight better ones") {
  SteadyGrade steady;
  CHECK(shown(steady, "gggppp") == "gggggp");
  CHECK(shown(steady, "eeeeeeee") == "pppppppe");
}

TEST_CASE("one second that is otherwise begins the count again") {
  SteadyGrade steady;
  CHECK(shown(steady, "gppgppgppg") == "gggggggggg");
  CHECK(shown(steady, "eeeeeeegeeeeeeee") == "ggggggggggggggge");
}

TEST_CASE("it becomes the best of the worse seconds, and the worst of the better ones") {
  SteadyGrade steady;
  CHECK(shown(steady, "epfg") == "eeeg");
  SteadyGrade other;
  CHECK(shown(other, "peeeeefee") == "ppppppppf");
}

TEST_CASE("worse seconds do not count as better ones") {
  SteadyGrade steady;
  CHECK(shown(steady, "geeeeppppp") == "gggggggppp");
}

TEST_CASE("what is not known for a while is still said, and then no more") {
  SteadyGrade steady;
  CHECK(shown(steady, "--g---------g") == "--ggggggggggg");
  CHECK(shown(steady, "----------") == "ggggggggg-");
  CHECK(shown(steady, "p") == "p");
}

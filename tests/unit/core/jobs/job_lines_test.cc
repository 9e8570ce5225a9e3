#include "core/jobs/job_lines.h"

#include <doctest/doctest.h>

#include <string>

namespace sluice {
namespace {

std::string_view without_end(const std::string& line) {
  REQUIRE(line.ends_with('\n'));
  return std::string_view{line}.substr(0, line.size() - 1);
}

TEST_CASE("a job reads what it was started with") {
  const std::string line = start_line({.parent = 7, .nice = 3, .cpus = 2, .arguments = json::object{{"file", "a\nb"}}});
  const auto start = parse_start(without_end(line));
  REQUIRE(start);
  CHECK(start->parent == 7);
  CHECK(start->nice == 3);
  CHECK(start->cpus == 2U);
  CHECK(start->arguments == json::object{{"file", "a\nb"}});

  const std::string all = start_line({.parent = 7, .nice = 0, .cpus = std::nullopt, .arguments = {}});
  REQUIRE(parse_start(without_end(all)));
  CHECK_FALSE(parse_start(without_end(all))->cpus);
}

TEST_CASE("a message and a failure are told apart, whatever the message says") {
  const std::string said = message_line(R"({"failed":"no"})");
  const auto message = parse_job_line(without_end(said));
  REQUIRE(message);
  CHECK(std::get<JobMessage>(*message).content == json::object{{"failed", "no"}});

  const std::string failed = failure_line("because\nof \x01 this");
  const auto failure = parse_job_line(without_end(failed));
  REQUIRE(failure);
  CHECK(std::get<JobFailure>(*failure).why == "becauseof  this");
}

TEST_CASE("anything else is no line of a job") {
  for (const char* line : {"", "text", "{}", "[]", "7", R"({"message":7})", R"({"failed":{}})", R"({"message":{})",
                           R"({"message":{},"failed":"x"})", R"({"message":{}} {})"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_job_line(line));
  }
  CHECK_FALSE(parse_job_line("{\"message\":" + std::string(1000, '[') + std::string(1000, ']') + "}"));
  for (const char* line : {"{}", R"({"parent":1,"nice":1})", R"({"parent":"x","nice":1,"arguments":{}})",
                           R"({"parent":1,"nice":1,"arguments":[]})"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_start(line));
  }
}

}  // namespace
}  // namespace sluice

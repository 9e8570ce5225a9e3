#include <doctest/doctest.h>
#include <signal.h>

#include <boost/json/serialize.hpp>

#include "core/jobs/job_limits.h"
#include "job_workshop.h"

namespace sluice {
namespace {

using testing::refusal;
using testing::Workshop;

TEST_CASE("a job is told its arguments and speaks in order until its end") {
  Workshop shop;
  const JobEnd end = shop.run(R"(
    echo "{\"message\":{\"args\":\"$*\"}}" >&3
    echo "{\"message\":{\"start\":$start}}" >&3
    for i in 1 2 3; do echo "{\"message\":{\"n\":$i}}"; done >&3)",
                              {.name = "job", .arguments = json::object{{"x", 1}}, .nice = 40, .cpus = 2});
  CHECK(end.ok());
  CHECK(end.error.empty());
  REQUIRE(shop.heard.size() == 5);
  CHECK(shop.heard[0]["args"] == "--job plugin.so job");
  const json::object start = shop.heard[1]["start"].as_object();
  CHECK(start.at("arguments") == json::value(json::object{{"x", 1}}));
  CHECK(start.at("nice") == 19);
  CHECK(start.at("cpus") == 2);
  CHECK(start.at("parent") == ::getpid());
  CHECK(shop.heard[4]["n"] == 3);
}

TEST_CASE("a job hears what it is sent") {
  Workshop shop;
  const auto jobs = shop.jobs(R"(
    read -r a <&3; read -r b <&3
    echo "{\"message\":{\"heard\":[$a,$b]}}" >&3)");
  const auto job = jobs->start({.name = "job", .arguments = {}}, shop.collect(), shop.end());
  job->send({{"n", 1}});
  job->send({{"n", 2}});
  shop.loop.run();
  REQUIRE(shop.heard.size() == 1);
  CHECK(json::serialize(shop.heard[0]) == R"({"heard":[{"n":1},{"n":2}]})");
  job->send({{"n", 3}});  // nobody is there any more
}

TEST_CASE("the end says how it was") {
  Workshop shop;
  JobEnd end;
  SUBCASE("by a status") {
    end = shop.run("exit 7");
    CHECK(end.exit_status == 7);
    CHECK(end.signal == 0);
    CHECK(end.error == "the job ended with status 7");
  }
  SUBCASE("by a signal") {
    end = shop.run("kill -SEGV $$");
    CHECK(end.exit_status == -1);
    CHECK(end.signal == SIGSEGV);
    CHECK(end.error == "the job was ended by signal 11 (Segmentation fault)");
  }
  SUBCASE("with its last words on standard error and standard output") {
    end = shop.run("echo one; echo two >&2; printf three; exit 1");
    CHECK(end.error == "one\ntwo\nthree");
  }
  SUBCASE("with what its function threw") {
    end = shop.run(R"(echo noise >&2; echo '{"failed":"no such codec"}' >&3; exit 1)");
    CHECK(end.error == "no such codec");
  }
  CHECK_FALSE(end.ok());
}

TEST_CASE("of a flood of errors the last lines stay") {
  Workshop shop;
  const JobEnd end = shop.run("for ((i = 0; i < 20000; ++i)); do echo \"line $i\"; done >&2; exit 1");
  CHECK(end.error.size() <= kJobErrorTail);
  CHECK(end.error.size() > kJobErrorTail - 12);
  CHECK(end.error.starts_with("line "));
  CHECK(end.error.ends_with("line 19999"));
}

TEST_CASE("a job that breaks the protocol is ended") {
  Workshop shop;
  JobEnd end;
  SUBCASE("a line that is too long") {
    end = shop.run("head -c 70000 /dev/zero | tr '\\0' x >&3; sleep 1000");
    CHECK(end.error == "the job sent a line of more than 65536 bytes");
  }
  SUBCASE("a line that is no message") {
    end = shop.run("echo hello >&3; sleep 1000");
    CHECK(end.error == "the job sent a line that is no message");
  }
  CHECK(end.signal == SIGKILL);
}

TEST_CASE("a message may be as long as it may be") {
  Workshop shop;
  const JobEnd end =
      shop.run(R"(x=$(head -c $((65536 - 8)) /dev/zero | tr '\0' x); echo "{\"message\":{\"x\":\"$x\"}}" >&3)");
  CHECK(end.ok());
  REQUIRE(shop.heard.size() == 1);
  CHECK(json::serialize(shop.heard[0]).size() == kMaxJobMessage);
}

TEST_CASE("to stop a job is SIGTERM, which it hears once it is ready") {
  Workshop shop;
  // As the job's own process does: the signal has waited, blocked, for whoever takes it.
  const auto jobs = shop.jobs(R"(
    grep -q '^SigBlk:.*[4-7c-f]...$' /proc/$$/status || exit 4
    until grep -q '^ShdPnd:.*[4-7c-f]...$' /proc/$$/status; do :; done
    echo '{"message":{"pending":true}}' >&3
    exit 3)");
  const auto job = jobs->start({.name = "job", .arguments = {}}, shop.collect(), shop.end());
  job->stop();
  job->stop();
  job->send({{"n", 1}});  // dropped
  shop.loop.run();
  CHECK(shop.ended->exit_status == 3);
  CHECK(shop.heard.size() == 1);
}

TEST_CASE("a destroyed handle kills the process, and nothing is called any more") {
  Workshop shop;
  const auto jobs = shop.jobs(R"(echo '{"message":{}}' >&3; sleep 1000)");
  int pid = 0;
  std::unique_ptr<Job> job;
  job = jobs->start(
      {.name = "job", .arguments = {}},
      [&](json::object message) {
        pid = job->pid();
        job.reset();
        shop.heard.push_back(std::move(message));
        shop.loop.stop();
      },
      shop.end());
  shop.loop.run();
  while (::kill(pid, 0) == 0) shop.loop.run_ready();  // reaped, not only dead: the number is nobody's
  CHECK(shop.heard.size() == 1);
  CHECK_FALSE(shop.ended);
}

TEST_CASE("a plugin that has stopped hears of none of its jobs") {
  Workshop shop;
  const auto jobs = shop.jobs(R"(echo '{"message":{}}' >&3; sleep 1000)");
  const auto job = jobs->start({.name = "job", .arguments = {}}, shop.collect(), shop.end());
  const int pid = job->pid();
  jobs->kill_all();
  while (::kill(pid, 0) == 0) shop.loop.run_ready();
  CHECK(shop.heard.empty());
  CHECK_FALSE(shop.ended);
}

TEST_CASE("what cannot be started is refused") {
  Workshop shop;
  const auto jobs = shop.jobs("exit 0");
  const auto start = [&](JobOptions options, PluginJobs& by) {
    return refusal([&] { static_cast<void>(by.start(std::move(options), shop.collect(), shop.end())); });
  };
  CHECK(start({.name = "other", .arguments = {}}, *jobs) == ErrorCode::not_found);
  CHECK(start({.name = "job", .arguments = json::object{{"x", std::string(kMaxJobArguments, 'x')}}}, *jobs) ==
        ErrorCode::limit_exceeded);
  PluginJobs nothing{{.library = "", .names = {"job"}, .program = "/nowhere"}, shop.loop, shop.scope, null_log()};
  CHECK(start({.name = "job", .arguments = {}}, nothing) == ErrorCode::internal);
}

TEST_CASE("what waits for a job is bounded") {
  Workshop shop;
  const auto jobs = shop.jobs("sleep 1000");
  const auto job = jobs->start({.name = "job", .arguments = {}}, shop.collect(), shop.end());
  CHECK(refusal([&] { job->send({{"x", std::string(kMaxJobMessage, 'x')}}); }) == ErrorCode::limit_exceeded);
  const auto flood = [&] {
    for (std::size_t i = 0; i < kMaxJobQueue; ++i) job->send({{"n", i}});
  };
  CHECK(refusal(flood) == ErrorCode::limit_exceeded);  // the line with the arguments is one of them
}

TEST_CASE("a plugin has a bounded number of jobs, and those that have ended do not count") {
  Workshop shop;
  const auto jobs = shop.jobs("read -r line <&3");
  std::size_t ends = 0;
  const auto count = [&](const JobEnd&) {
    if (++ends == kMaxJobs) shop.loop.stop();
  };
  std::vector<std::unique_ptr<Job>> running;
  const auto start = [&] { running.push_back(jobs->start({.name = "job", .arguments = {}}, nullptr, count)); };
  for (std::size_t i = 0; i < kMaxJobs; ++i) start();
  CHECK(refusal(start) == ErrorCode::limit_exceeded);
  for (const auto& job : running) job->send({});
  shop.loop.run();
  start();
}

TEST_CASE("a job has no descriptor but its own, and a process group of its own") {
  Workshop shop;
  const JobEnd end = shop.run(R"(
    for i in {4..200}; do [ -e /proc/$$/fd/$i ] && list="$list $i"; done
    set -- $(< /proc/$$/stat)
    echo "{\"message\":{\"fds\":\"$list\",\"leads\":$(($5 == $$))}}" >&3)");
  REQUIRE(end.ok());
  REQUIRE(shop.heard.size() == 1);
  CHECK(shop.heard[0]["fds"] == "");
  CHECK(shop.heard[0]["leads"] == 1);
}

}  // namespace
}  // namespace sluice

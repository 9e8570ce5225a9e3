#include <doctest/doctest.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <boost/json/serialize.hpp>
#include <numeric>
#include <thread>

#include "core/jobs/child_context.h"
#include "core/jobs/socket_records.h"
#include "job_workshop.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using testing::refusal;
using testing::Workshop;
using Write = JobRecords::Write;
using Bytes = std::vector<std::uint8_t>;

std::array<FileDescriptor, 2> sockets(int type) {
  std::array<int, 2> pair{-1, -1};
  REQUIRE(::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair.data()) == 0);
  return {FileDescriptor{pair[0], "ours"}, FileDescriptor{pair[1], "theirs"}};
}

// A context blocks SIGTERM, which is none of the other tests' business.
class SignalMask {
 public:
  SignalMask() { ::pthread_sigmask(SIG_BLOCK, nullptr, &before_); }
  ~SignalMask() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalMask(const SignalMask&) = delete;
  SignalMask& operator=(const SignalMask&) = delete;

 private:
  sigset_t before_{};
};

// Both ends in one process.
struct Ends {
  void hang_up() { messages.reset(); }

  SignalMask mask;
  ManualClock clock;  // stands still
  std::array<FileDescriptor, 2> messages_pair = sockets(SOCK_STREAM);
  std::array<FileDescriptor, 2> records_pair = sockets(SOCK_SEQPACKET);
  std::optional<FileDescriptor> messages{std::move(messages_pair[0])};
  SocketRecords records{std::move(records_pair[0])};
  std::optional<ChildContext> child{std::in_place, JobChannels{std::move(messages_pair[1]), std::move(records_pair[1])},
                                    clock};
};

// Of every length, and different from its neighbours.
Bytes record(std::size_t n) {
  Bytes bytes(n * 7919 % JobRecords::kMaxBytes + 1);
  std::iota(bytes.begin(), bytes.end(), static_cast<std::uint8_t>(n));
  return bytes;
}

Bytes copy(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

// Until no more goes in. @return how many did.
std::size_t fill(JobRecords& records) {
  std::size_t count = 0;
  while (records.write(record(count)) == Write::done) ++count;
  return count;
}

TEST_CASE("records arrive whole and in order while both sides are at it") {
  constexpr std::size_t kRecords = 10'000;
  Ends ends;
  std::thread writer{[&] {
    for (std::size_t n = 0; n < kRecords; ++n) {
      while (ends.records.write(record(n)) == Write::full) std::this_thread::yield();
    }
  }};
  std::size_t right = 0;
  for (std::size_t n = 0; n < kRecords; ++n) {
    const auto read = ends.child->next_record(ends.clock.now() + 1h);
    if (read && copy(*read) == record(n)) ++right;
  }
  writer.join();
  CHECK(right == kRecords);
}

TEST_CASE("a job that does not read is full, and loses nothing of what was taken") {
  Ends ends;
  const std::size_t count = fill(ends.records);
  CHECK(count >= 2);
  CHECK(count <= 64);  // a bounded buffer, however the kernel counts
  CHECK(ends.records.write(record(count)) == Write::full);
  for (std::size_t n = 0; n < count; ++n) {
    const auto read = ends.child->next_record(ends.clock.now());
    REQUIRE(read);
    CHECK(copy(*read) == record(n));
  }
  CHECK_FALSE(ends.child->next_record(ends.clock.now()));
  CHECK(ends.records.write(record(count)) == Write::done);
}

TEST_CASE("nothing is waited for beyond the deadline") {
  Ends ends;
  CHECK_FALSE(ends.child->next_record(ends.clock.now()));
  CHECK_FALSE(ends.child->next_record(ends.clock.now() - 1h));
  CHECK_FALSE(ends.child->next_record(ends.clock.now() + 1ms));
}

TEST_CASE("the gateway's end ends the wait for a record, and there is none any more") {
  Ends ends;
  std::thread gateway;
  SUBCASE("during the wait or before it") {
    gateway = std::thread{[&] { ends.hang_up(); }};
  }
  SUBCASE("with records that were not read") {
    fill(ends.records);
    ends.hang_up();
  }
  CHECK_FALSE(ends.child->next_record(ends.clock.now() + 1h));
  CHECK(ends.child->stop_requested());
  if (gateway.joinable()) gateway.join();
}

TEST_CASE("records that are closed are read to their end, and their end is no stop") {
  Ends ends;
  REQUIRE(ends.records.write(record(1)) == Write::done);
  ends.records.close();
  CHECK(ends.records.write(record(2)) == Write::closed);
  const auto read = ends.child->next_record(ends.clock.now() + 1h);
  REQUIRE(read);
  CHECK(copy(*read) == record(1));
  CHECK_FALSE(ends.child->next_record(ends.clock.now() + 1ms));
  CHECK_FALSE(ends.child->next_record(ends.clock.now() + 1ms));
  CHECK_FALSE(ends.child->stop_requested());
}

TEST_CASE("what nobody can read any more is not written") {
  Ends ends;
  SUBCASE("idle") {}
  SUBCASE("full") { fill(ends.records); }
  ends.child.reset();
  CHECK(ends.records.write(record(1)) == Write::closed);
  CHECK(ends.records.write(record(1)) == Write::closed);
}

TEST_CASE("records may be closed while another thread writes") {
  Ends ends;
  std::thread writer{[&] {
    while (ends.records.write(record(1)) != Write::closed) std::this_thread::yield();
  }};
  ends.records.close();
  writer.join();
  CHECK(ends.records.write(record(1)) == Write::closed);
}

TEST_CASE("a record has bounds") {
  Ends ends;
  CHECK(refusal([&] { ends.records.write({}); }) == ErrorCode::invalid_payload);
  CHECK(refusal([&] { ends.records.write(Bytes(JobRecords::kMaxBytes + 1)); }) == ErrorCode::limit_exceeded);
  CHECK(ends.records.write(Bytes(JobRecords::kMaxBytes)) == Write::done);
  CHECK(ends.child->next_record(ends.clock.now())->size() == JobRecords::kMaxBytes);
}

TEST_CASE("a process has records on descriptor 4 where its plugin has asked for them") {
  Workshop shop;
  const auto jobs = shop.jobs(R"(
    for i in 1 2; do list="$list$(dd status=none bs=32768 count=1 <&4),"; done
    echo "{\"message\":{\"heard\":\"$list\"}}" >&3)");
  const auto job = jobs->start({.name = "job", .arguments = {}, .records = true}, shop.collect(), shop.end());
  const auto records = job->records();
  REQUIRE(records != nullptr);
  CHECK(records->write(Bytes{'o', 'n', 'e'}) == Write::done);
  CHECK(records->write(Bytes{'t', 'w', 'o'}) == Write::done);
  shop.loop.run();
  REQUIRE(shop.heard.size() == 1);
  CHECK(shop.heard[0]["heard"] == "one,two,");
  CHECK(records->write(Bytes{1}) == Write::closed);
}

TEST_CASE("a job that was not to have records has none") {
  Workshop shop;
  const auto jobs = shop.jobs("exit 0");
  const auto job = jobs->start({.name = "job", .arguments = {}}, shop.collect(), shop.end());
  CHECK(job->records() == nullptr);
}

TEST_CASE("the end of a job closes its records, which outlive it") {
  Workshop shop;
  // A process of the job's holds the socket on: it is not the reader.
  const auto jobs = shop.jobs(R"(sleep 1000 & echo "{\"message\":{\"pid\":$!}}" >&3; read -r line <&3)");
  auto job = jobs->start({.name = "job", .arguments = {}, .records = true}, shop.collect(), shop.end());
  const auto records = job->records();
  fill(*records);
  SUBCASE("it dies") {
    job->send({});
    shop.loop.run();
    REQUIRE(shop.heard.size() == 1);
    CHECK(::kill(static_cast<int>(shop.heard[0]["pid"].as_int64()), SIGKILL) == 0);
  }
  SUBCASE("the plugin drops it") {
    const int group = job->pid();
    job.reset();
    CHECK(records->write(Bytes{1}) == Write::closed);
    CHECK(::kill(-group, SIGKILL) == 0);
  }
  CHECK(records->write(Bytes{1}) == Write::closed);
}

}  // namespace
}  // namespace sluice

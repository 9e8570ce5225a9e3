#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <stdexcept>
#include <vector>

#include "tests/load/meetings/http_session.h"
#include "tests/load/meetings/shapes.h"
#include "tests/load/meetings/user_token.h"

namespace sluice::load {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kConnections = 32;
constexpr std::uint32_t kUsers = 20;
constexpr const char* kMeetings = "/api/meeting";

enum class Kind : std::uint8_t { get, list, update, create };
constexpr std::array<Kind, 10> kMix{Kind::get, Kind::list, Kind::get,    Kind::get, Kind::update,
                                    Kind::get, Kind::list, Kind::create, Kind::get, Kind::get};
constexpr std::array<const char*, 4> kNames{"get", "list", "update", "create"};

std::string meeting_body(std::uint32_t number) {
  const std::uint32_t day = number % 28 + 1;
  const std::string date = "2031-03-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
  return json::serialize(json::object{{"meeting_name", "Weekly " + std::to_string(number)},
                                      {"meeting_description", "What is new, what is next"},
                                      {"meeting_start_time", date + "T10:00:00Z"},
                                      {"meeting_end_time", date + "T11:00:00Z"},
                                      {"meeting_type", "scheduled"}});
}

struct Run {
  MeetingsOptions options;
  Clock::time_point began;
  std::vector<std::string> ids;  ///< of the meeting with that number; its owner is number % kUsers
  std::array<Histogram, 4> times;
  std::uint64_t failed = 0;
  std::string failure;
  std::uint32_t left = 0;
};

std::string user(std::uint32_t number) { return "user-" + std::to_string(number % kUsers); }

void count_failure(Run& run, const HttpAnswer& answer) {
  if (answer.status < 400) return;
  ++run.failed;
  if (run.failure.empty()) run.failure = std::to_string(answer.status) + " " + answer.body.substr(0, 300);
}

// Fills the store, each connection with the meetings of its own numbers.
asio::awaitable<void> fill(Run& run, std::uint32_t connection) {
  const auto executor = co_await asio::this_coro::executor;
  std::vector<std::unique_ptr<HttpSession>> sessions(kUsers);
  for (std::uint32_t n = connection; n < run.options.stored; n += kConnections) {
    auto& session = sessions[n % kUsers];
    if (!session) {
      session = std::make_unique<HttpSession>(executor, run.options.server, user_token(user(n), run.options.secret));
    }
    const HttpAnswer answer = co_await session->request("POST", kMeetings, meeting_body(n));
    if (answer.status >= 300) throw std::runtime_error{"a meeting was not created: " + answer.body};
    run.ids[n] = std::string{json::parse(answer.body).at("data").at("id").as_string()};
  }
}

asio::awaitable<HttpAnswer> ask(Run& run, HttpSession& session, Kind kind, std::uint32_t number) {
  const std::string one = std::string{kMeetings} + "/" + run.ids[number % run.ids.size()];
  switch (kind) {
    case Kind::get:
      return session.request("GET", one, "");
    case Kind::list:
      return session.request("GET", std::string{kMeetings} + "?limit=20&search=Weekly", "");
    case Kind::update:
      return session.request("PUT", one, R"({"meeting_description":"Moved on"})");
    case Kind::create:
      return session.request("POST", kMeetings, meeting_body(number));
  }
  throw std::logic_error{"no such kind"};
}

// The requests number `connection`, `connection` + kConnections, ... of the schedule; all of one user.
asio::awaitable<void> drive(Run& run, std::uint32_t connection, std::uint32_t total) {
  const auto executor = co_await asio::this_coro::executor;
  HttpSession session{executor, run.options.server, user_token(user(connection), run.options.secret)};
  asio::steady_timer timer{executor};
  for (std::uint32_t n = connection; n < total; n += kConnections) {
    const auto due = run.began + std::chrono::nanoseconds{std::chrono::seconds{1}} * n / run.options.rate;
    timer.expires_at(due);
    co_await timer.async_wait(asio::use_awaitable);
    const Kind kind = kMix[n / kConnections % kMix.size()];
    // Meetings of this user: their numbers are congruent to it.
    const std::uint32_t number = connection % kUsers + n / kConnections * kUsers * 7;
    count_failure(run, co_await ask(run, session, kind, number));
    run.times[static_cast<std::size_t>(kind)].record(Clock::now() - due);
  }
}

template <class Work>
asio::awaitable<void> on_all_connections(Run& run, Work work) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer done{executor, asio::steady_timer::time_point::max()};
  std::exception_ptr failure;
  run.left = kConnections;
  for (std::uint32_t i = 0; i < kConnections; ++i) {
    asio::co_spawn(executor, work(i), [&](std::exception_ptr error) {
      if (error) failure = error;
      if (--run.left == 0) done.cancel();
    });
  }
  boost::system::error_code cancelled;
  co_await done.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  if (failure) std::rethrow_exception(failure);
}

json::object report(const Run& run, std::chrono::duration<double> filled) {
  Histogram all;
  json::object out{{"stored", run.options.stored}, {"created_per_second", run.options.stored / filled.count()}};
  for (std::size_t i = 0; i < run.times.size(); ++i) {
    all.add(run.times[i]);
    out[kNames[i]] = figures(run.times[i]);
  }
  out["all"] = figures(all);
  out["failed"] = run.failed;
  if (!run.failure.empty()) out["failure"] = run.failure;
  return out;
}

}  // namespace

asio::awaitable<json::object> rest_shape(MeetingsOptions options) {
  if (options.rate == 0) options.rate = 200;
  Run run{.options = options, .began = {}, .ids = {}, .times = {}, .failed = 0, .failure = {}, .left = 0};
  run.ids.resize(options.stored);
  const auto filling = Clock::now();
  co_await on_all_connections(run, [&](std::uint32_t i) { return fill(run, i); });
  const std::chrono::duration<double> filled = Clock::now() - filling;

  run.began = Clock::now();
  const auto total = static_cast<std::uint32_t>(options.rate * options.duration.count());
  co_await on_all_connections(run, [&](std::uint32_t i) { return drive(run, i, total); });

  co_return report(run, filled);
}

}  // namespace sluice::load

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <memory>
#include <stdexcept>
#include <vector>

#include "tests/load/meetings/http_session.h"
#include "tests/load/meetings/room_client.h"
#include "tests/load/meetings/shapes.h"
#include "tests/load/meetings/user_token.h"

namespace sluice::load {

namespace {

using Clock = std::chrono::steady_clock;

struct Joins {
  Histogram whole;
  Histogram rest;
  Histogram room;
  std::uint64_t failed = 0;
  std::string failure;
  std::vector<std::unique_ptr<RoomClient>> people;
};

std::string text_of(const json::value& value) { return std::string{value.as_string()}; }

json::value data_of(const HttpAnswer& answer) {
  if (answer.status >= 300) throw std::runtime_error{std::to_string(answer.status) + " " + answer.body};
  return json::parse(answer.body).at("data");
}

// Apart from the coroutine: GCC 12 cannot have literals in a list beside co_await.
json::object entry(const std::string& meeting, const json::value& token) {
  return {{"roomId", meeting}, {"token", token}};
}

json::object report(std::uint32_t total, const Joins& joins) {
  json::object out{{"joins", total},
                   {"joined", joins.people.size()},
                   {"whole", figures(joins.whole)},
                   {"rest_join", figures(joins.rest)},
                   {"room_join", figures(joins.room)}};
  if (!joins.failure.empty()) out["failure"] = joins.failure;
  return out;
}

asio::awaitable<void> join_one(const MeetingsOptions& options, Joins& joins, std::string meeting,
                               std::uint32_t number) {
  const auto executor = co_await asio::this_coro::executor;
  const std::string token = user_token("joiner-" + std::to_string(number), options.secret);
  const auto began = Clock::now();
  HttpSession session{executor, options.server, token};
  const json::value ticket = data_of(co_await session.request("POST", "/api/meeting/" + meeting + "/join", "{}"));
  const auto has_ticket = Clock::now();
  auto client = std::make_unique<RoomClient>(executor);
  co_await client->connect(options.server, text_of(ticket.at("access_token")));
  const auto connected = Clock::now();
  co_await client->call("room:join", entry(meeting, ticket.at("access_token")));
  const auto joined = Clock::now();
  joins.rest.record(has_ticket - began);
  joins.room.record(joined - connected);
  joins.whole.record(joined - began);
  RoomClient& stays = *joins.people.emplace_back(std::move(client));
  co_await stays.listen();  // until it is closed
}

asio::awaitable<std::string> open_meeting(const MeetingsOptions& options) {
  HttpSession host{co_await asio::this_coro::executor, options.server, user_token("host", options.secret)};
  const json::value made = data_of(co_await host.request(
      "POST", "/api/meeting",
      R"({"meeting_name":"Everybody","meeting_type":"instant","max_participants":5000,"allow_guests":true})"));
  co_return text_of(made.at("id"));
}

}  // namespace

asio::awaitable<json::object> join_shape(MeetingsOptions options) {
  const auto executor = co_await asio::this_coro::executor;
  if (options.rate == 0) options.rate = 50;
  const auto total =
      options.count != 0 ? options.count : static_cast<std::uint32_t>(options.rate * options.duration.count());
  const std::string meeting = co_await open_meeting(options);
  Joins joins;
  asio::steady_timer timer{executor, Clock::now()};
  for (std::uint32_t n = 0; n < total; ++n) {
    timer.expires_at(timer.expiry() + std::chrono::nanoseconds{std::chrono::seconds{1}} / options.rate);
    co_await timer.async_wait(asio::use_awaitable);
    asio::co_spawn(executor, join_one(options, joins, meeting, n), [&joins](std::exception_ptr error) {
      try {
        if (error) std::rethrow_exception(error);
      } catch (const boost::system::system_error& ended) {
        // Those that stay end by being closed; one that never joined has no place among them.
        if (ended.code() != asio::error::operation_aborted && joins.failure.empty()) joins.failure = ended.what();
      } catch (const std::exception& refused) {
        ++joins.failed;
        if (joins.failure.empty()) joins.failure = refused.what();
      }
    });
  }
  const auto deadline = Clock::now() + std::chrono::seconds{10};
  while (joins.people.size() + joins.failed < total && Clock::now() < deadline) {
    timer.expires_after(std::chrono::milliseconds{20});
    co_await timer.async_wait(asio::use_awaitable);
  }
  json::object out = report(total, joins);
  for (const auto& one : joins.people) one->close();
  co_return out;
}

}  // namespace sluice::load

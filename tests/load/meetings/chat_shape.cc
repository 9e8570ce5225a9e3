#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <memory>
#include <vector>

#include "tests/load/meetings/room_client.h"
#include "tests/load/meetings/shapes.h"
#include "tests/load/meetings/user_token.h"

namespace sluice::load {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLastWords{5};

struct Talk {
  std::vector<Clock::time_point> sent;
  Histogram times;
};

// A message's text is its number.
void hear(Talk& talk, const std::string& event, const json::value& data) {
  const auto now = Clock::now();
  if (event != "chat:message") return;
  const json::string& text = data.at("message").as_string();
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (number < talk.sent.size()) talk.times.record(now - talk.sent[number]);
}

// Apart from the coroutine: GCC 12 cannot have literals in a list beside co_await.
json::object message_number(std::uint32_t number) {
  return {{"message", std::to_string(number)}, {"type", "text"}, {"to", "all"}};
}
json::object the_room() { return {{"roomId", "load-chat"}}; }

json::object report(const MeetingsOptions& options, std::uint32_t messages, std::uint64_t missing, const Talk& talk) {
  return {{"members", options.members}, {"messages", messages}, {"missing", missing}, {"delay", figures(talk.times)}};
}

}  // namespace

asio::awaitable<json::object> chat_shape(MeetingsOptions options) {
  const auto executor = co_await asio::this_coro::executor;
  if (options.rate == 0) options.rate = 10;
  const auto messages =
      options.count != 0 ? options.count : static_cast<std::uint32_t>(options.rate * options.duration.count());
  Talk talk;
  std::vector<std::unique_ptr<RoomClient>> people;
  for (std::uint32_t i = 0; i < options.members; ++i) {
    auto& one = *people.emplace_back(std::make_unique<RoomClient>(executor));
    co_await one.connect(options.server, user_token("member-" + std::to_string(i), options.secret));
    co_await one.call("room:join", the_room());
    one.on_event([&talk](const std::string& event, const json::value& data) { hear(talk, event, data); });
    asio::co_spawn(executor, one.listen(), [](std::exception_ptr) {});  // until it is closed
  }
  asio::steady_timer timer{executor, Clock::now()};
  for (std::uint32_t n = 0; n < messages; ++n) {
    timer.expires_at(timer.expiry() + std::chrono::nanoseconds{std::chrono::seconds{1}} / options.rate);
    co_await timer.async_wait(asio::use_awaitable);
    talk.sent.push_back(Clock::now());
    co_await people[n % people.size()]->send("chat:send", message_number(n));
  }
  const std::uint64_t expected = std::uint64_t{messages} * options.members;
  const auto deadline = Clock::now() + kLastWords;
  while (talk.times.count() < expected && Clock::now() < deadline) {
    timer.expires_after(std::chrono::milliseconds{20});
    co_await timer.async_wait(asio::use_awaitable);
  }
  for (const auto& one : people) one->close();
  co_return report(options, messages, expected - talk.times.count(), talk);
}

}  // namespace sluice::load

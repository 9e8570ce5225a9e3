// What the meeting system costs its users: ../README.md tells how to run it.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cstdio>
#include <map>
#include <span>
#include <stdexcept>

#include "tests/load/meetings/shapes.h"

namespace sluice::load {

json::object figures(const Histogram& times) {
  const auto ms = [&](double share) { return static_cast<double>(times.quantile(share).count()) / 1e6; };
  return {{"count", times.count()},
          {"p50_ms", ms(0.5)},
          {"p95_ms", ms(0.95)},
          {"p99_ms", ms(0.99)},
          {"max_ms", static_cast<double>(times.max().count()) / 1e6}};
}

namespace {

constexpr const char* kUsage =
    "sluice_meetings_load rest|chat|join --server http://127.0.0.1:8080 --secret SECRET [--stored N] [--members N] "
    "[--count N] [--rate N] [--duration SECONDS]";

std::uint32_t number(const std::string& text) {
  std::uint32_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) throw std::invalid_argument{text + " is no number"};
  return out;
}

MeetingsOptions parse(std::span<char*> arguments) {
  if (arguments.size() < 2 || arguments.size() % 2 != 0) throw std::invalid_argument{kUsage};
  MeetingsOptions out;
  out.shape = arguments[1];
  std::map<std::string, std::string> given;
  for (std::size_t i = 2; i < arguments.size(); i += 2) given[arguments[i]] = arguments[i + 1];
  const auto take = [&](const char* name, auto read) {
    const auto found = given.extract(name);
    if (!found.empty()) read(found.mapped());
  };
  const auto into = [](std::uint32_t& field) { return [&field](const std::string& text) { field = number(text); }; };
  take("--server", [&](const std::string& url) {
    const auto endpoint = parse_endpoint(url);
    if (!endpoint) throw std::invalid_argument{url + " is no URL"};
    out.server = *endpoint;
  });
  take("--secret", [&](const std::string& text) { out.secret = text; });
  take("--stored", into(out.stored));
  take("--members", into(out.members));
  take("--count", into(out.count));
  take("--rate", into(out.rate));
  take("--duration", [&](const std::string& text) { out.duration = std::chrono::seconds{number(text)}; });
  if (!given.empty() || out.server.host.empty() || out.stored == 0 || out.members == 0) {
    throw std::invalid_argument{kUsage};
  }
  return out;
}

asio::awaitable<json::object> run(MeetingsOptions options) {
  if (options.shape == "rest") return rest_shape(std::move(options));
  if (options.shape == "chat") return chat_shape(std::move(options));
  if (options.shape == "join") return join_shape(std::move(options));
  throw std::invalid_argument{kUsage};
}

int main(std::span<char*> arguments) {
  boost::asio::io_context context;
  std::exception_ptr failure;
  asio::co_spawn(context, run(parse(arguments)), [&](std::exception_ptr error, json::object report) {
    failure = error;
    if (!error) std::printf("%s\n", json::serialize(report).c_str());
    context.stop();
  });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return 0;
}

}  // namespace
}  // namespace sluice::load

int main(int count, char** arguments) {
  try {
    return sluice::load::main({arguments, static_cast<std::size_t>(count)});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

#include "tests/load/options.h"

#include <array>
#include <charconv>
#include <functional>
#include <string_view>

namespace sluice::load {
namespace {

[[noreturn]] void refuse(std::string_view what, std::string_view value) {
  throw OptionsError{"'" + std::string{value} + "' is not " + std::string{what}};
}

template <class Number>
Number number(std::string_view text, Number least, Number most) {
  Number out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size() || out < least || out > most) {
    refuse("a number from " + std::to_string(least) + " to " + std::to_string(most), text);
  }
  return out;
}

std::chrono::milliseconds duration(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (error == std::errc{} && unit == "ms") return std::chrono::milliseconds{value};
  if (error == std::errc{} && unit == "s") return std::chrono::seconds{value};
  if (error == std::errc{} && unit == "m") return std::chrono::minutes{value};
  refuse("a duration such as 500ms, 20s or 2m", text);
}

std::optional<StreamShape> shape(std::string_view text) {
  if (text == "off") return std::nullopt;
  const auto out = parse_shape(text);
  if (!out) refuse("a shape such as 100x1100/25 (packets a second x payload bytes / bursts a second)", text);
  return out;
}

Endpoint endpoint(std::string_view text) {
  const auto out = parse_endpoint(text);
  if (!out) refuse("a URL such as ws://127.0.0.1:8080/ws", text);
  return *out;
}

DoorKind door(std::string_view text) {
  if (text == "ws") return DoorKind::web_socket;
  if (text == "whip-whep") return DoorKind::whip_whep;
  if (text == "janus") return DoorKind::janus;
  refuse("one of ws, whip-whep, janus", text);
}

Ramp ramp(std::string_view text) {
  const std::size_t first = text.find(':');
  const std::size_t second = first == std::string_view::npos ? first : text.find(':', first + 1);
  if (second == std::string_view::npos) refuse("a ramp such as 100:3000:100 (first, last, step)", text);
  constexpr std::uint32_t kMost = 100'000;
  return {.first = number<std::uint32_t>(text.substr(0, first), 1, kMost),
          .last = number<std::uint32_t>(text.substr(first + 1, second - first - 1), 1, kMost),
          .step = number<std::uint32_t>(text.substr(second + 1), 1, kMost)};
}

std::vector<std::string> list(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    out.emplace_back(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return out;
}

struct Option {
  std::string_view name;
  std::string_view value;  // what it takes; empty: nothing
  std::string_view help;
  void (*apply)(Options& options, std::string_view value);
};

constexpr std::uint32_t kMostPeers = 100'000;

// clang-format off: one option a line
const std::array kOptions = {
    Option{"--server", "URL", "where the server listens: ws://host:port/path or http://host:port",
           [](Options& o, std::string_view v) { o.server = endpoint(v); }},
    Option{"--door", "ws|whip-whep|janus", "which signalling it speaks (ws)",
           [](Options& o, std::string_view v) { o.door = door(v); }},
    Option{"--room", "NAME", "of the room, or the prefix of several (bench)",
           [](Options& o, std::string_view v) { o.room = v; }},
    Option{"--rooms", "N", "so many rooms, each with the numbers below (1)",
           [](Options& o, std::string_view v) { o.rooms = number<std::uint32_t>(v, 1, kMostPeers); }},
    Option{"--publishers", "P", "who send and do not receive",
           [](Options& o, std::string_view v) { o.publishers = number<std::uint32_t>(v, 0, kMostPeers); }},
    Option{"--subscribers", "S", "who receive and do not send",
           [](Options& o, std::string_view v) { o.subscribers = number<std::uint32_t>(v, 0, kMostPeers); }},
    Option{"--participants", "N", "who send, and receive what the others of their room send",
           [](Options& o, std::string_view v) { o.participants = number<std::uint32_t>(v, 0, kMostPeers); }},
    Option{"--video", "RATExBYTES/BURSTS", "VP8-shaped stream of each publisher, such as 100x1100/25",
           [](Options& o, std::string_view v) { o.video = shape(v); }},
    Option{"--audio", "RATExBYTES", "Opus-shaped stream of each publisher, such as 50x80",
           [](Options& o, std::string_view v) { o.audio = shape(v); }},
    Option{"--simulcast", "LAYERS", "streams of each video (1); --video is the best, each lower one has half the rate",
           [](Options& o, std::string_view v) { o.simulcast = number<std::uint32_t>(v, 1, 3); }},
    Option{"--ramp", "FIRST:LAST:STEP", "measure with ever more subscribers until loss > 0.1 % or p99 delay > 50 ms",
           [](Options& o, std::string_view v) { o.ramp = ramp(v); }},
    Option{"--duration", "TIME", "of the measured window (20s)",
           [](Options& o, std::string_view v) { o.duration = duration(v); }},
    Option{"--warm-up", "TIME", "between the last join and the window (3s)",
           [](Options& o, std::string_view v) { o.warm_up = duration(v); }},
    Option{"--settle", "TIME", "most that joins may take after the last has begun (20s)",
           [](Options& o, std::string_view v) { o.settle_limit = duration(v); }},
    Option{"--join-rate", "N", "participants that begin to join each second (50)",
           [](Options& o, std::string_view v) { o.join_rate = number<std::uint32_t>(v, 1, kMostPeers); }},
    Option{"--threads", "N", "media threads; signalling has one more (1)",
           [](Options& o, std::string_view v) { o.threads = number<std::uint32_t>(v, 1, 64); }},
    Option{"--verify-every", "N", "one packet of N of each stream is decrypted and compared (16)",
           [](Options& o, std::string_view v) { o.verify_every = number<std::uint32_t>(v, 1, 1'000'000); }},
    Option{"--rtcp-interval", "TIME", "between the reports of one peer (1s)",
           [](Options& o, std::string_view v) { o.rtcp_interval = duration(v); }},
    Option{"--extensions", "URI,URI", "RTP header extensions that subscribers take (mid)",
           [](Options& o, std::string_view v) { o.extensions = list(v); }},
    Option{"--restart-ice", "TIME", "each connection restarts ICE so often; door ws (never)",
           [](Options& o, std::string_view v) { o.restart_ice = duration(v); }},
    Option{"--busy-poll", "", "media threads never sleep: the server does not pay for waking them",
           [](Options& o, std::string_view) { o.busy_poll = true; }},
    Option{"--record", "FILE", "keep what the first subscriber receives, as an rtpdump file; nobody need publish",
           [](Options& o, std::string_view v) { o.record_file = v; }},
    Option{"--replay", "FILE", "publish the VP8 stream of this rtpdump file as video, paced by its timestamps",
           [](Options& o, std::string_view v) { o.replay_file = v; }},
    Option{"--server-pid", "PID", "measure this process: CPU and memory",
           [](Options& o, std::string_view v) { o.server_pid = number<int>(v, 1, 1 << 30); }},
    Option{"--json", "FILE", "write the report here, too", [](Options& o, std::string_view v) { o.json_file = v; }},
    Option{"--seed", "N", "of SSRCs and ICE credentials; 0 is by chance (0)",
           [](Options& o, std::string_view v) { o.seed = number<std::uint64_t>(v, 0, UINT64_MAX); }},
};
// clang-format on

const Option& find(std::string_view name) {
  for (const Option& option : kOptions) {
    if (option.name == name) return option;
  }
  throw OptionsError{"unknown option '" + std::string{name} + "'"};
}

void check(const Options& options) {
  if (options.server.host.empty()) throw OptionsError{"--server is missing"};
  const bool records = !options.record_file.empty() && options.subscribers != 0;
  if (!options.replay_file.empty() && options.simulcast > 1) throw OptionsError{"--replay is of one layer"};
  if (options.restart_ice.count() != 0 && options.door != DoorKind::web_socket) {
    throw OptionsError{"--restart-ice is for the door ws"};
  }
  if (records && options.publishers + options.participants == 0) return;
  if (options.publishers + options.participants == 0)
    throw OptionsError{"nobody publishes: --publishers, --participants"};
  if (!options.video && !options.audio) throw OptionsError{"nothing is published: --video, --audio"};
  if (options.ramp && (options.subscribers != 0 || options.participants != 0)) {
    throw OptionsError{"--ramp takes the place of --subscribers and --participants"};
  }
}

}  // namespace

Options parse_options(std::span<const char* const> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    const Option& option = find(name);
    std::string_view value;
    if (!option.value.empty()) {
      if (++i == arguments.size()) throw OptionsError{std::string{name} + " takes a value"};
      value = arguments[i];
    }
    try {
      option.apply(options, value);
    } catch (const OptionsError& error) {
      throw OptionsError{std::string{name} + ": " + error.what()};
    }
  }
  if (options.simulcast > 1) options.verify_every = 1;  // the server changes layers, and with them the numbering
  // A nominal shape; the recording has its own.
  if (!options.replay_file.empty() && !options.video) options.video = StreamShape{30, kMaxPayload, 30};
  check(options);
  return options;
}

std::string usage() {
  std::string out = "usage: sluice_load --server URL [options]\n\n";
  for (const Option& option : kOptions) {
    std::string line = "  " + std::string{option.name} + " " + std::string{option.value};
    line.resize(std::max<std::size_t>(line.size() + 1, 36), ' ');
    out += line + std::string{option.help} + "\n";
  }
  return out;
}

}  // namespace sluice::load

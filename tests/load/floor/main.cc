// The least that forwarding can cost on this machine: SRTP protection with AEAD_AES_128_GCM and a UDP send, measured as
// CPU time of the sending thread while another thread empties the receivers' sockets. ../README.md.
//
//   sluice_floor --receivers 300 --payload 1100 --burst 4 --rounds 500 --sender-cpu 0 --receiver-cpu 1

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "sluice/json.h"
#include "tests/load/floor/burst_sender.h"
#include "tests/load/floor/receivers.h"

namespace sluice::load {
namespace {

using namespace std::chrono_literals;

struct Settings {
  int receivers = 300;
  int payload = 1100;
  int burst = 4;
  int rounds = 200;
  int repeat = 5;  // the median counts
  int sender_cpu = -1;
  int receiver_cpu = -1;
  int busy_poll = 0;  // 1: the receivers never sleep
};

constexpr std::array kCases{
    FloorCase{.name = "protect", .sends = false},
    FloorCase{.name = "send", .protects = false},
    FloorCase{.name = "protect + send"},
    FloorCase{.name = "protect + send, GSO", .segments = true},
    FloorCase{.name = "protect + send, connected", .connected = true},
    FloorCase{.name = "protect + send, connected, GSO", .segments = true, .connected = true},
};

Settings parse(std::span<const char* const> arguments) {
  Settings out;
  const std::array<std::pair<std::string_view, int*>, 8> known{{{"--receivers", &out.receivers},
                                                                {"--payload", &out.payload},
                                                                {"--burst", &out.burst},
                                                                {"--rounds", &out.rounds},
                                                                {"--repeat", &out.repeat},
                                                                {"--sender-cpu", &out.sender_cpu},
                                                                {"--receiver-cpu", &out.receiver_cpu},
                                                                {"--busy-poll", &out.busy_poll}}};
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const std::string_view name = arguments[i];
    const auto found = std::ranges::find(known, name, &std::pair<std::string_view, int*>::first);
    if (found == known.end() || i + 1 == arguments.size())
      throw std::runtime_error{"what is " + std::string{name} + "?"};
    const std::string_view value = arguments[i + 1];
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), *found->second);
    if (error != std::errc{} || end != value.data() + value.size())
      throw std::runtime_error{std::string{name} + " takes a number"};
  }
  if (out.receivers < 1 || out.payload < 1 || out.payload > 1400 || out.burst < 1 || out.rounds < 1 || out.repeat < 1) {
    throw std::runtime_error{"a number is out of its range"};
  }
  return out;
}

struct Outcome {
  double micros_per_packet = 0;
  std::uint64_t lost = 0;
};

/// Each round waits until the last has arrived: nobody's buffer fills, and the pause costs no CPU time that counts.
Outcome run_case(const FloorCase& how, const Settings& settings) {
  Receivers receivers{static_cast<std::size_t>(settings.receivers), settings.receiver_cpu, settings.busy_poll != 0};
  BurstSender sender{
      how,
      {.payload_size = static_cast<std::size_t>(settings.payload), .burst = static_cast<std::size_t>(settings.burst)},
      receivers.addresses()};
  const auto per_round = static_cast<std::uint64_t>(settings.receivers) * static_cast<std::uint64_t>(settings.burst);
  std::chrono::nanoseconds used{0};
  std::uint64_t sent = 0;
  for (int round = -2; round < settings.rounds; ++round) {  // two to warm up
    const auto cost = sender.send_round();
    if (round >= 0) used += cost;
    if (!how.sends) continue;
    sent += per_round;
    for (int wait = 0; receivers.received() < sent && wait < 1000; ++wait) std::this_thread::sleep_for(100us);
  }
  const auto packets = static_cast<double>(per_round) * settings.rounds;
  return {.micros_per_packet = static_cast<double>(used.count()) / 1e3 / packets,
          .lost = how.sends ? sent - receivers.received() : 0};
}

Outcome median_of(const FloorCase& how, const Settings& settings) {
  std::vector<Outcome> outcomes;
  for (int i = 0; i < settings.repeat; ++i) outcomes.push_back(run_case(how, settings));
  std::ranges::sort(outcomes, {}, &Outcome::micros_per_packet);
  return outcomes[outcomes.size() / 2];
}

}  // namespace
}  // namespace sluice::load

int main(int argc, char** argv) try {
  using namespace sluice;
  using namespace sluice::load;
  const Settings settings = parse({argv + 1, static_cast<std::size_t>(argc - 1)});
  pin_this_thread(settings.sender_cpu);
  std::fprintf(stderr, "%d receivers, %d B of payload, bursts of %d: us of CPU a packet\n", settings.receivers,
               settings.payload, settings.burst);
  json::object cases;
  for (const FloorCase& how : kCases) {
    const Outcome outcome = median_of(how, settings);
    std::fprintf(stderr, "  %-34s %6.2f%s\n", how.name, outcome.micros_per_packet,
                 outcome.lost != 0 ? "  (some were lost)" : "");
    cases[how.name] = json::object{{"cpuMicrosPerPacket", outcome.micros_per_packet}, {"lost", outcome.lost}};
  }
  const json::object report{{"receivers", settings.receivers},
                            {"payloadBytes", settings.payload},
                            {"burst", settings.burst},
                            {"cases", std::move(cases)}};
  std::puts(json::serialize(report).c_str());
  return EXIT_SUCCESS;
} catch (const std::exception& error) {
  std::fprintf(stderr, "sluice_floor: %s\n", error.what());
  return 2;
}

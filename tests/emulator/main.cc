// A bad network between a client and a media server, in user space: README.md beside this file.

#include <boost/json/parse.hpp>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/emulator/control_lines.h"
#include "tests/emulator/link_settings.h"
#include "tests/emulator/udp_relay.h"

namespace {

using namespace sluice;

constexpr const char* kUsage =
    "sluice_link --listen IP:PORT --to IP:PORT [--down JSON] [--up JSON] [--seed NUMBER]\n"
    "Relays UDP over a line that tests/emulator/README.md describes. Port 0 takes a free one.\n";

struct Options {
  std::optional<SocketAddress> listen;
  std::optional<SocketAddress> target;
  simulation::Link down{.delay = {}};
  simulation::Link up{.delay = {}};
  std::uint64_t seed = 1;
};

template <class Number>
Number number_from(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::invalid_argument{"not a number: " + std::string{text}};
  }
  return number;
}

SocketAddress address_from(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const auto address =
      colon == std::string_view::npos
          ? std::nullopt
          : SocketAddress::parse(text.substr(0, colon), number_from<std::uint16_t>(text.substr(colon + 1)));
  if (!address) throw std::invalid_argument{"not IP:PORT: " + std::string{text}};
  return *address;
}

void apply(std::string_view text, simulation::Link& link) {
  const json::value settings = json::parse(text);
  if (!settings.is_object()) throw std::invalid_argument{"not an object: " + std::string{text}};
  emulator::apply_settings(settings.get_object(), link);
}

Options options_from(std::span<const char* const> arguments) {
  Options options;
  if (arguments.size() % 2 != 0) throw std::invalid_argument{"each option has a value"};
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const std::string_view name = arguments[i];
    const std::string_view value = arguments[i + 1];
    if (name == "--listen") {
      options.listen = address_from(value);
    } else if (name == "--to") {
      options.target = address_from(value);
    } else if (name == "--down") {
      apply(value, options.down);
    } else if (name == "--up") {
      apply(value, options.up);
    } else if (name == "--seed") {
      options.seed = number_from<std::uint64_t>(value);
    } else {
      throw std::invalid_argument{"there is no option " + std::string{name}};
    }
  }
  if (!options.listen || !options.target) throw std::invalid_argument{"--listen and --to are needed"};
  return options;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::span<const char* const> arguments{argv + 1, static_cast<std::size_t>(argc - 1)};
  if (arguments.size() == 1 && arguments.front() == std::string_view{"--help"}) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  const Options options = options_from(arguments);
  std::signal(SIGPIPE, SIG_IGN);
  emulator::LinkPair links{options.down, options.up, options.seed};
  emulator::ControlLines control{links};
  emulator::UdpRelay relay{*options.listen, *options.target, links};
  std::printf("{\"port\":%u}\n", unsigned{relay.local().port()});
  std::fflush(stdout);
  relay.run(control);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "sluice_link: %s\n%s", error.what(), kUsage);
  return 2;
}

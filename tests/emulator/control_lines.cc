#include "tests/emulator/control_lines.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <exception>
#include <stdexcept>

#include "tests/emulator/link_settings.h"

namespace sluice::emulator {
namespace {

using simulation::Link;

json::object counters_of(const LinkPipe& pipe) {
  const auto& counters = pipe.counters();
  const auto& waits = pipe.queue().counters().waits;
  return {{"datagrams", counters.datagrams},
          {"delivered", counters.delivered},
          {"delivered_bytes", counters.delivered_bytes},
          {"lost", counters.lost},
          {"queue_dropped", counters.queue_dropped},
          {"duplicated", counters.duplicated},
          {"reordered", counters.reordered},
          {"queue_bytes", pipe.queue().queued_bytes()},
          {"queue_wait_p50_ms", waits.quantile(0.5).count()},
          {"queue_wait_p95_ms", waits.quantile(0.95).count()}};
}

}  // namespace

std::string ControlLines::take(std::string_view bytes, Instant now) {
  rest_.append(bytes);
  std::string answers;
  for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
    const std::string line = rest_.substr(0, end);
    rest_.erase(0, end + 1);
    answers += json::serialize(execute(line, now)) + '\n';
  }
  if (rest_.size() > kMaxLine) throw std::runtime_error{"a line of more than 64 kB"};
  return answers;
}

json::object ControlLines::execute(std::string_view line, Instant now) try {
  const json::value parsed = json::parse(line);
  if (!parsed.is_object()) throw std::invalid_argument{"an object is wanted"};
  Link down = links_.down.link();
  Link up = links_.up.link();
  bool wants_counters = false;
  for (const auto& [key, value] : parsed.get_object()) {
    if (key == "counters") {
      wants_counters = value.is_bool() && value.get_bool();
    } else if ((key != "down" && key != "up") || !value.is_object()) {
      throw std::invalid_argument{std::string{key} + ": not \"down\" or \"up\" with an object, nor \"counters\""};
    } else {
      apply_settings(value.get_object(), key == "down" ? down : up);
    }
  }
  links_.down.configure(down, now);
  links_.up.configure(up, now);
  if (!wants_counters) return {{"ok", true}};
  return {{"down", counters_of(links_.down)}, {"up", counters_of(links_.up)}};
} catch (const std::exception& error) {
  return {{"error", error.what()}};
}

}  // namespace sluice::emulator

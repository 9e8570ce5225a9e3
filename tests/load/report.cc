#include "tests/load/report.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <string>

namespace sluice::load {
namespace {

double milliseconds(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1e6; }
double microseconds(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1e3; }

json::object quantiles(const Histogram& histogram) {
  return {{"p50", milliseconds(histogram.quantile(0.5))},
          {"p95", milliseconds(histogram.quantile(0.95))},
          {"p99", milliseconds(histogram.quantile(0.99))},
          {"max", milliseconds(histogram.max())},
          {"count", histogram.count()}};
}

std::optional<double> cpu_per_packet(const Measurement& measured) {
  if (!measured.server_cpu || measured.stats.received == 0) return std::nullopt;
  return microseconds(*measured.server_cpu) / static_cast<double>(measured.stats.received);
}

json::object packets(const Measurement& measured) {
  const LoadStats& stats = measured.stats;
  return {{"sent", measured.sent},
          {"expected", measured.expected},
          {"received", stats.received},
          {"lost", static_cast<std::int64_t>(measured.expected) - static_cast<std::int64_t>(stats.received)},
          {"lossRatio", measured.loss()},
          {"verified", stats.verified},
          {"verifyErrors", stats.verify_errors},
          {"unattributed", stats.unattributed},
          {"renumbered", stats.renumbered},
          {"receiveBufferErrors", measured.buffer_errors}};
}

json::value server(const Measurement& measured) {
  if (!measured.server_cpu) return nullptr;
  json::array threads;
  for (const ThreadCpu& thread : measured.server_threads) {
    if (thread.used.count() == 0) continue;
    threads.push_back(json::object{{"name", thread.name}, {"cpuMs", milliseconds(thread.used)}});
  }
  json::object out{{"cpuMs", milliseconds(*measured.server_cpu)},
                   {"cpuShare", milliseconds(*measured.server_cpu) / milliseconds(measured.elapsed)},
                   {"threads", std::move(threads)}};
  if (const auto cost = cpu_per_packet(measured)) out["cpuMicrosPerForwardedPacket"] = *cost;
  return out;
}

json::object to_object(const Measurement& measured) {
  return {{"subscribers", measured.receivers},
          {"seconds", milliseconds(measured.elapsed) / 1e3},
          {"packets", packets(measured)},
          {"delayMs", quantiles(measured.stats.delay)},
          {"server", server(measured)},
          {"generator", json::object{{"cpuShare", measured.generator_share}, {"busy", measured.generator_is_busy()}}}};
}

json::value memory(const Report& report) {
  if (!report.memory_before || !report.memory_after) return nullptr;
  const auto grown = [&](std::uint64_t before, std::uint64_t after) {
    return report.receivers == 0
               ? 0.0
               : (static_cast<double>(after) - static_cast<double>(before)) / static_cast<double>(report.receivers);
  };
  return json::object{
      {"beforeKb", report.memory_before->resident_kb},
      {"afterKb", report.memory_after->resident_kb},
      {"perSubscriberKb", grown(report.memory_before->resident_kb, report.memory_after->resident_kb)},
      {"pssBeforeKb", report.memory_before->proportional_kb},
      {"pssAfterKb", report.memory_after->proportional_kb},
      {"pssPerSubscriberKb", grown(report.memory_before->proportional_kb, report.memory_after->proportional_kb)}};
}

[[gnu::format(printf, 2, 3)]] void append(std::string& out, const char* format, ...) {
  std::array<char, 512> line;
  va_list arguments;
  va_start(arguments, format);
  const int size = std::vsnprintf(line.data(), line.size(), format, arguments);
  va_end(arguments);
  out.append(line.data(), std::min<std::size_t>(line.size() - 1, static_cast<std::size_t>(std::max(size, 0))));
}

void append_measurement(std::string& out, const Measurement& measured) {
  const Histogram& delay = measured.stats.delay;
  append(out, "%zu subscribers: sent %llu, expected %llu, received %llu, lost %.4f %%\n", measured.receivers,
         static_cast<unsigned long long>(measured.sent), static_cast<unsigned long long>(measured.expected),
         static_cast<unsigned long long>(measured.stats.received), measured.loss() * 100);
  append(out, "  delay ms: p50 %.3f  p95 %.3f  p99 %.3f  max %.3f\n", milliseconds(delay.quantile(0.5)),
         milliseconds(delay.quantile(0.95)), milliseconds(delay.quantile(0.99)), milliseconds(delay.max()));
  append(out, "  verified %llu, wrong %llu, unattributed %llu\n",
         static_cast<unsigned long long>(measured.stats.verified),
         static_cast<unsigned long long>(measured.stats.verify_errors),
         static_cast<unsigned long long>(measured.stats.unattributed));
  if (const auto cost = cpu_per_packet(measured)) {
    append(out, "  server: %.2f us of CPU a forwarded packet, %.1f %% of a core\n", *cost,
           100 * milliseconds(*measured.server_cpu) / milliseconds(measured.elapsed));
  }
  append(out, "  generator: %.1f %% of a core%s\n", measured.generator_share * 100,
         measured.generator_is_busy() ? "  ** too busy: delay and loss are the generator's **" : "");
  if (measured.buffer_errors != 0) {
    append(out, "  %llu datagrams met a full socket buffer\n", static_cast<unsigned long long>(measured.buffer_errors));
  }
}

}  // namespace

double Measurement::loss() const noexcept {
  if (expected == 0) return 0;
  return (static_cast<double>(expected) - static_cast<double>(stats.received)) / static_cast<double>(expected);
}

json::object Report::to_json() const {
  json::object out;
  if (!measurements.empty()) out = to_object(measurements.back());
  out["joins"] = json::object{{"wanted", joins_wanted},
                              {"completed", joins_completed},
                              {"connectedMs", quantiles(total.join)},
                              {"firstMediaMs", quantiles(total.first_media)},
                              {"failures", sluice::to_json(failures)}};
  out["streams"] = json::object{{"expected", expected_streams}, {"received", total.streams}};
  out["memory"] = memory(*this);
  out["duplicates"] = total.duplicates;
  out["verifyErrors"] = total.verify_errors;
  out["iceRestarts"] = json::object{{"asked", total.ice_restarts}, {"answered", total.ice_restarts_answered}};
  out["sendErrors"] = total.send_errors;
  out["keyFrameRequests"] = total.key_frame_requests;
  if (capacity) {
    out["capacity"] = *capacity;
    json::array steps;
    for (const Measurement& measured : measurements) steps.push_back(to_object(measured));
    out["ramp"] = std::move(steps);
  }
  return out;
}

std::string Report::summary() const {
  std::string out;
  append(out, "joined %llu of %llu: connected ms p50 %.2f p95 %.2f, first media ms p50 %.2f p95 %.2f\n",
         static_cast<unsigned long long>(joins_completed), static_cast<unsigned long long>(joins_wanted),
         milliseconds(total.join.quantile(0.5)), milliseconds(total.join.quantile(0.95)),
         milliseconds(total.first_media.quantile(0.5)), milliseconds(total.first_media.quantile(0.95)));
  for (const std::string& failure : failures) append(out, "  failed: %s\n", failure.c_str());
  append(out, "streams: %llu of %llu\n", static_cast<unsigned long long>(total.streams),
         static_cast<unsigned long long>(expected_streams));
  for (const Measurement& measured : measurements) append_measurement(out, measured);
  if (memory_before && memory_after && receivers != 0) {
    append(out, "server memory: %llu kB before, %llu kB after, %.1f kB a subscriber\n",
           static_cast<unsigned long long>(memory_before->resident_kb),
           static_cast<unsigned long long>(memory_after->resident_kb),
           (static_cast<double>(memory_after->resident_kb) - static_cast<double>(memory_before->resident_kb)) /
               static_cast<double>(receivers));
  }
  if (capacity) append(out, "capacity: %zu subscribers\n", *capacity);
  return out;
}

}  // namespace sluice::load

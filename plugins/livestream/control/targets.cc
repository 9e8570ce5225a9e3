#include "control/targets.h"

#include <algorithm>
#include <utility>

namespace sluice::livestream {

namespace {

// What a process says that has read the network's bytes does not let a counter go backwards.
double growth(std::int64_t before, std::int64_t now) {
  return static_cast<double>(std::max<std::int64_t>(now - before, 0));
}

void add_up(TargetFigures& sum, const TargetFigures& figures) {
  sum.bytes += figures.bytes;
  sum.dropped_frames += figures.dropped_frames;
  sum.reconnects += figures.reconnects;
}

TargetView view_of(const Targets::Target& target) {
  TargetFigures sum = target.before;
  add_up(sum, target.figures);
  TargetView out;
  out.target_id = target.id;
  out.name = target.address.name;
  out.masked_rtmp_url = target.address.shown;
  out.state = target.report.state;
  if (!target.report.reason.empty()) out.reason = target.report.reason;
  out.retry_in_ms = target.report.retry_in_ms;
  out.bits_per_second = target.figures.bits_per_second;
  out.bytes = sum.bytes;
  out.dropped_frames = sum.dropped_frames;
  out.reconnects = sum.reconnects;
  return out;
}

}  // namespace

const Targets::Target& Targets::add(std::string id, TargetAddress address) {
  return targets_.emplace_back(Target{.id = std::move(id), .address = std::move(address)});
}

bool Targets::remove(std::string_view id) {
  return std::erase_if(targets_, [id](const Target& one) { return one.id == id; }) > 0;
}

Targets::Target* Targets::find(std::string_view id) noexcept {
  const auto found = std::ranges::find(targets_, id, [](const Target& one) -> std::string_view { return one.id; });
  return found == targets_.end() ? nullptr : &*found;
}

void Targets::report(const TargetReport& report) {
  Target* const target = find(report.id);
  if (target == nullptr) return;
  target->report = report;
  target->report.reason = livestream::without_secrets(target->address, report.reason);
}

void Targets::take_figures(const std::vector<TargetFigures>& figures) {
  for (const TargetFigures& now : figures) {
    if (Target* const target = find(now.id)) count(*target, now);
  }
}

void Targets::count(Target& target, const TargetFigures& now) {
  metrics_.rtmp_bytes.add(growth(target.figures.bytes, now.bytes));
  metrics_.reconnects.add(growth(target.figures.reconnects, now.reconnects));
  target.figures = now;
}

void Targets::interrupted() {
  for (Target& target : targets_) {
    add_up(target.before, target.figures);
    target.figures = {};
    target.report = {.id = target.id, .state = TargetState::reconnecting, .reason = "the program is started anew"};
  }
}

bool Targets::any_live() const noexcept {
  return std::ranges::any_of(targets_, [](const Target& one) { return one.report.state == TargetState::live; });
}

std::vector<TargetView> Targets::views() const {
  std::vector<TargetView> out;
  for (const Target& one : targets_) out.push_back(view_of(one));
  return out;
}

std::string Targets::without_secrets(std::string_view text) const {
  std::string out = sanitise_text(text, 1'000);
  for (const Target& one : targets_) out = livestream::without_secrets(one.address, out);
  return out;
}

}  // namespace sluice::livestream

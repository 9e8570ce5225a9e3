#include "program/output_set.h"

#include <algorithm>
#include <utility>

namespace sluice::livestream {

OutputSet::OutputSet(const ProgramOrder& order, OutputListener& listener) : order_{order}, listener_{listener} {
  if (!order_.hls_folder.empty()) {
    hls_ = std::make_unique<HlsOutput>(
        HlsOutputOptions{.folder = order_.hls_folder, .part = std::chrono::milliseconds{order_.part_ms}},
        [&listener](const HlsFile& file) { listener.on_hls_file(file); });
  }
  if (!order_.recording_file.empty()) {
    file_ = std::make_unique<FileOutput>(FileOutputOptions{.path = order_.recording_file});
  }
}

OutputSet::~OutputSet() = default;

void OutputSet::add(const AddTarget& target) {
  const auto same = [&](const auto& one) { return one->id() == target.id; };
  if (std::ranges::any_of(targets_, same)) return;
  if (targets_.size() >= kMaxTargets) {
    return listener_.on_target({.id = target.id, .state = TargetState::failed, .reason = "too many targets"});
  }
  RtmpOutputNeeds needs{.report = [this](const TargetReport& report) { listener_.on_target(report); },
                        .key_frame_wanted = [this] { listener_.on_key_frame_wanted(); },
                        .now = [this] { return listener_.now(); }};
  RtmpOutputOptions options{
      .id = target.id, .url = target.url, .ca_file = order_.ca_file, .private_targets = order_.private_targets};
  targets_.push_back(std::make_unique<RtmpOutput>(std::move(options), std::move(needs)));
}

void OutputSet::remove(const RemoveTarget& target) {
  std::erase_if(goodbyes_, [](const std::future<void>& goodbye) {
    return goodbye.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
  });
  const auto found = std::ranges::find_if(targets_, [&](const auto& one) { return one->id() == target.id; });
  if (found == targets_.end()) return;
  goodbyes_.push_back(std::async(std::launch::async,
                                 [output = std::move(*found)]() mutable { std::exchange(output, nullptr)->finish(); }));
  targets_.erase(found);
}

void OutputSet::put(const ProgramPacketPtr& packet) {
  if (hls_) hls_->put(packet);
  if (file_) file_->put(packet);
  for (const auto& target : targets_) target->put(packet);
}

void OutputSet::finish() {
  for (const auto& target : targets_) target->close();
  if (hls_) hls_->finish();
  if (file_) file_->finish();
  for (const auto& target : targets_) target->finish();
  goodbyes_.clear();  // waits for them
}

void OutputSet::fill(ProgramFigures& figures, std::chrono::milliseconds elapsed) {
  if (hls_) figures.hls_problem = hls_->problem();
  if (file_) {
    figures.recorded_bytes = static_cast<std::int64_t>(file_->bytes());
    figures.recording_problem = file_->problem();
  }
  for (const auto& target : targets_) figures.targets.push_back(target->figures(elapsed));
}

}  // namespace sluice::livestream

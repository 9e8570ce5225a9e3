#include "outputs/output_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sluice::livestream {

namespace {

bool is_video(const ProgramPacketPtr& packet) noexcept { return packet->packet.track == kVideoTrack; }
bool is_key_frame(const ProgramPacketPtr& packet) noexcept { return is_video(packet) && packet->packet.key_frame; }

}  // namespace

void OutputQueue::put(const ProgramPacketPtr& packet) {
  {
    const std::lock_guard lock{mutex_};
    format_ = packet->format;
    if (state_ == State::until_key_frame && is_key_frame(packet)) state_ = State::open;
    if (state_ == State::open) add(packet);
  }
  changed_.notify_all();
}

void OutputQueue::pause() {
  const std::lock_guard lock{mutex_};
  if (state_ == State::closed) return;
  state_ = State::paused;
  packets_.clear();
  bytes_ = 0;
  skips_video_ = false;
}

void OutputQueue::begin() {
  const std::lock_guard lock{mutex_};
  if (state_ == State::paused) state_ = State::until_key_frame;
}

void OutputQueue::close() {
  {
    const std::lock_guard lock{mutex_};
    state_ = State::closed;
  }
  changed_.notify_all();
}

ProgramPacketPtr OutputQueue::take() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return !packets_.empty() || state_ == State::closed; });
  if (packets_.empty()) return nullptr;
  auto packet = packets_.front();
  erase(packets_.begin());
  return packet;
}

ProgramFormatPtr OutputQueue::wait_for_format() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return format_ != nullptr || state_ == State::closed; });
  return format_;
}

bool OutputQueue::wait(std::chrono::milliseconds time) {
  std::unique_lock lock{mutex_};
  return !changed_.wait_for(lock, time, [this] { return state_ == State::closed; });
}

bool OutputQueue::closed() const {
  const std::lock_guard lock{mutex_};
  return state_ == State::closed;
}

std::uint64_t OutputQueue::dropped_frames() const {
  const std::lock_guard lock{mutex_};
  return dropped_frames_;
}

void OutputQueue::add(const ProgramPacketPtr& packet) {
  if (skips_video_ && is_video(packet)) {
    if (!packet->packet.key_frame) {
      ++dropped_frames_;
      return;
    }
    skips_video_ = false;
  }
  packets_.push_back(packet);
  bytes_ += packet->packet.data.size();
  trim();
}

void OutputQueue::trim() {
  while (is_too_much() && drop_group()) {
  }
  // Sound: it is alone, or before pictures that are not too old.
  while (is_too_much()) erase(packets_.begin());
}

bool OutputQueue::is_too_much() const {
  if (packets_.empty()) return false;
  return bytes_ > limits_.bytes || packets_.back()->packet.dts - packets_.front()->packet.dts > limits_.span;
}

/// The oldest pictures, up to the next key frame or, where none waits, up to the next that comes. @return false: it is
/// not pictures that are too much.
bool OutputQueue::drop_group() {
  const auto first = std::ranges::find_if(packets_, is_video);
  if (first == packets_.end()) return false;
  const bool is_old = packets_.back()->packet.dts - (*first)->packet.dts > limits_.span;
  if (!is_old && bytes_ <= limits_.bytes) return false;
  const auto next = std::find_if(std::next(first), packets_.end(), is_key_frame);
  const auto before = packets_.size();
  const bool has_next = next != packets_.end();
  std::deque<ProgramPacketPtr> kept{packets_.begin(), first};
  std::copy_if(first, next, std::back_inserter(kept), [](const auto& packet) { return !is_video(packet); });
  std::copy(next, packets_.end(), std::back_inserter(kept));
  packets_ = std::move(kept);
  bytes_ = 0;
  for (const auto& packet : packets_) bytes_ += packet->packet.data.size();
  dropped_frames_ += before - packets_.size();
  if (!has_next) skips_video_ = true;
  return true;
}

void OutputQueue::erase(std::deque<ProgramPacketPtr>::iterator packet) {
  bytes_ -= (*packet)->packet.data.size();
  packets_.erase(packet);
}

}  // namespace sluice::livestream

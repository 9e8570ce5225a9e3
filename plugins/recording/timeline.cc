#include "timeline.h"

#include <algorithm>

namespace sluice::recording {

namespace {

/// In order, disjoint, none empty.
std::vector<Span> merged(std::vector<Span> spans) {
  std::erase_if(spans, [](const Span& span) { return span.end <= span.begin; });
  std::ranges::sort(spans, {}, &Span::begin);
  std::vector<Span> out;
  for (const Span& span : spans) {
    if (!out.empty() && span.begin <= out.back().end) {
      out.back().end = std::max(out.back().end, span.end);
    } else {
      out.push_back(span);
    }
  }
  return out;
}

}  // namespace

MediaTime total_length(std::vector<Span> spans) {
  MediaTime total{};
  for (const Span& span : merged(std::move(spans))) total += span.length();
  return total;
}

Timeline::Timeline(std::vector<Span> pauses, MediaTime end) {
  const auto add = [this](MediaTime from, MediaTime to) {
    if (to <= from) return;
    begins_.push_back(duration_);
    pieces_.push_back({from, to});
    duration_ += to - from;
  };
  MediaTime begin{};
  for (const Span& pause : merged(std::move(pauses))) {
    add(begin, std::min(pause.begin, end));
    begin = std::max(begin, pause.end);
  }
  add(begin, end);
}

MediaTime Timeline::product_time(MediaTime session) const noexcept {
  const auto after = std::ranges::upper_bound(pieces_, session, {}, &Span::begin);
  if (after == pieces_.begin()) return MediaTime::zero();
  const auto piece = after - 1;
  const MediaTime begin = begins_[static_cast<std::size_t>(piece - pieces_.begin())];
  return begin + std::min(session - piece->begin, piece->length());
}

MediaTime Timeline::session_time(MediaTime product) const noexcept {
  const auto after = std::ranges::upper_bound(begins_, product);
  if (after == begins_.begin()) return pieces_.empty() ? MediaTime::zero() : pieces_.front().begin;
  const auto index = static_cast<std::size_t>(after - begins_.begin()) - 1;
  return pieces_[index].begin + std::min(product - begins_[index], pieces_[index].length());
}

std::size_t Timeline::piece_of(MediaTime session) const noexcept {
  const auto after = std::ranges::upper_bound(pieces_, session, {}, &Span::begin);
  if (after == pieces_.begin() || session >= (after - 1)->end) return pieces_.size();
  return static_cast<std::size_t>(after - 1 - pieces_.begin());
}

}  // namespace sluice::recording

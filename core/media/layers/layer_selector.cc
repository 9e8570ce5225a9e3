#include "core/media/layers/layer_selector.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace sluice {
namespace {

constexpr std::uint8_t bit(std::uint8_t layer) noexcept { return static_cast<std::uint8_t>(1U << (layer & kTopLayer)); }

constexpr std::uint8_t below(std::uint8_t count) noexcept {
  return static_cast<std::uint8_t>((1U << std::min(count, kMaxLayers)) - 1);
}

// The position of the highest bit; 0 of none.
constexpr std::uint8_t highest(std::uint8_t mask) noexcept {
  return static_cast<std::uint8_t>(mask == 0 ? 0 : std::bit_width(mask) - 1);
}

}  // namespace

void LayerSelector::set_target(std::optional<LayerPosition> target) noexcept {
  target_ = target;
  if (!target_) restart();
}

void LayerSelector::reset(std::uint8_t encodings) noexcept {
  encodings_ = std::clamp<std::uint8_t>(encodings, 1, kMaxEncodings);
  seen_at_ = never();
  has_encoding_ = false;
  restart();
}

void LayerSelector::restart() noexcept {
  needs_keyframe_ = true;
  waits_ = false;
  update_current();
}

LayerPosition LayerSelector::most() const noexcept {
  const LayerPosition target = target_.value_or(LayerPosition{});
  return {std::min(target.spatial, limit_.spatial), std::min(target.temporal, limit_.temporal)};
}

bool LayerSelector::seen_lately(std::uint8_t encoding, Instant now) const noexcept {
  const Instant seen = seen_at_[encoding];
  return seen != Instant::min() && now - seen < kEncodingSilence;
}

// The highest of those that send and are allowed; else the lowest that sends; of none, the highest that is allowed.
std::uint8_t LayerSelector::wanted_encoding(Instant now) const noexcept {
  if (!simulcast()) return 0;
  const std::uint8_t allowed = std::min<std::uint8_t>(most().spatial, static_cast<std::uint8_t>(encodings_ - 1));
  for (std::uint8_t encoding = allowed;; --encoding) {
    if (seen_lately(encoding, now)) return encoding;
    if (encoding == 0) break;
  }
  for (std::uint8_t encoding = static_cast<std::uint8_t>(allowed + 1); encoding < encodings_; ++encoding) {
    if (seen_lately(encoding, now)) return encoding;
  }
  return allowed;
}

// The same of spatial layers. Simulcast encodings go whole.
std::uint8_t LayerSelector::wanted_spatial() const noexcept {
  const std::uint8_t sent = (spatial_before_ | spatial_now_) & below(spatial_layers_);
  if (simulcast()) return highest(sent);
  const std::uint8_t allowed = std::min(most().spatial, kTopLayer);
  const auto fitting = static_cast<std::uint8_t>(sent & below(static_cast<std::uint8_t>(allowed + 1)));
  if (fitting != 0) return highest(fitting);
  return sent != 0 ? static_cast<std::uint8_t>(std::countr_zero(sent)) : std::uint8_t{0};
}

std::uint8_t LayerSelector::encoding_to_ask(Instant now) noexcept {
  if (!needs_keyframe_) return encoding_;
  const std::uint8_t wanted = wanted_encoding(now);
  if (simulcast() && !seen_lately(wanted, now)) seen_at_[wanted] = now;
  return wanted;
}

LayerSelector::Choice LayerSelector::choose(std::uint8_t encoding, const PacketLayers& layers, RtpTimestamp timestamp,
                                            Instant now) noexcept {
  if (encoding >= encodings_) return {};
  if (simulcast()) seen_at_[encoding] = now;
  if (!target_) return {};
  if (!has_encoding_ || encoding != encoding_ || needs_keyframe_) return choose_start(encoding, layers, timestamp, now);

  Choice choice;
  if (timestamp != timestamp_ || layers.keyframe) {
    begin_picture(layers, timestamp, now);
    if (waits_ && !simulcast()) choice.keyframe_of = encoding;
  }
  note(layers);
  if (layers.begins_frame) raise_temporal(layers);
  choice.forward = fits(layers, position_);
  if (!choice.forward && layers.spatial != position_.spatial) broken_ |= bit(layers.spatial);
  return choice;
}

// A start, and every change of encoding, takes a key frame; until it comes the encoding before goes on. Who has nothing
// at all takes any key frame that is allowed.
LayerSelector::Choice LayerSelector::choose_start(std::uint8_t encoding, const PacketLayers& layers,
                                                  RtpTimestamp timestamp, Instant now) noexcept {
  const std::uint8_t wanted = wanted_encoding(now);
  if (!layers.keyframe) {
    // Requests are merged by the source; this one is for those that it gave up, or did not get.
    return {.keyframe_of = encoding == wanted ? std::optional{wanted} : std::nullopt};
  }
  if (encoding != wanted && (!needs_keyframe_ || encoding > wanted)) return {};

  const bool changes = has_encoding_ && encoding != encoding_;
  encoding_ = encoding;
  has_encoding_ = true;
  needs_keyframe_ = false;
  spatial_before_ = temporal_before_ = temporal_now_ = pictures_ = 0;
  timestamp_ = timestamp;
  begin_keyframe(layers, now);
  note(layers);
  update_current();
  const bool forward = fits(layers, position_);
  if (!forward) broken_ |= bit(layers.spatial);
  return {.forward = forward, .begins_encoding = changes};
}

// What would be right for the picture that begins; says in waits_ whether that takes a key frame.
LayerPosition LayerSelector::wanted_position(Instant now) noexcept {
  LayerPosition wanted{wanted_spatial(), most().temporal};
  const std::uint8_t encoding = wanted_encoding(now);
  const bool down_by_keyframe =
      simulcast() ? encoding < encoding_ : wanted.spatial < position_.spatial && (broken_ & bit(wanted.spatial)) != 0;
  waits_ = encoding != encoding_ || wanted.spatial > position_.spatial || down_by_keyframe;
  if (down_by_keyframe) wanted.temporal = 0;
  return wanted;
}

void LayerSelector::begin_picture(const PacketLayers& layers, RtpTimestamp timestamp, Instant now) noexcept {
  const bool another = timestamp != timestamp_;
  timestamp_ = timestamp;
  if (another) end_window();
  spatial_layers_ = layers.spatial_layers;
  if (layers.keyframe) {
    begin_keyframe(layers, now);
  } else {
    wanted_ = wanted_position(now);
    move_spatially(layers, wanted_.spatial);
    position_.temporal = std::min(position_.temporal, wanted_.temporal);
  }
  if (another) update_current();
}

// All layers that the stream has told of are taken to come with a key picture.
void LayerSelector::begin_keyframe(const PacketLayers& layers, Instant now) noexcept {
  spatial_layers_ = layers.spatial_layers;
  spatial_now_ = below(spatial_layers_);
  broken_ = 0;
  position_.spatial = wanted_spatial();
  wanted_ = position_ = wanted_position(now);
}

void LayerSelector::move_spatially(const PacketLayers& layers, std::uint8_t wanted) noexcept {
  if (wanted < position_.spatial && (broken_ & bit(wanted)) == 0) {
    position_.spatial = wanted;
  } else if (wanted > position_.spatial && layers.begins_frame && layers.spatial <= position_.spatial &&
             layers.switches_spatial_to >= wanted) {
    position_.spatial = wanted;
    waits_ = false;
  }
}

// By a frame that is sent and says so, or by one that needs nothing of what was left out.
void LayerSelector::raise_temporal(const PacketLayers& layers) noexcept {
  if (position_.temporal >= wanted_.temporal) return;
  if (layers.spatial != position_.spatial) return;
  if (layers.temporal <= position_.temporal && layers.switches_temporal_to > position_.temporal) {
    // The top layer of three bits stands for all that there are, and that will be.
    position_.temporal = layers.switches_temporal_to == kTopLayer
                             ? wanted_.temporal
                             : std::min(layers.switches_temporal_to, wanted_.temporal);
  } else if (layers.needs_base_only && layers.temporal == position_.temporal + 1) {
    position_.temporal = layers.temporal;  // one after the other: what lies between may need what was left out
  }
}

void LayerSelector::note(const PacketLayers& layers) noexcept {
  spatial_now_ |= bit(layers.spatial);
  temporal_now_ |= bit(layers.temporal);
}

void LayerSelector::end_window() noexcept {
  if (++pictures_ < kLayerSilence) return;
  pictures_ = 0;
  spatial_before_ = std::exchange(spatial_now_, std::uint8_t{0});
  temporal_before_ = std::exchange(temporal_now_, std::uint8_t{0});
}

void LayerSelector::update_current() noexcept {
  current_.reset();
  if (!has_encoding_ || needs_keyframe_) return;
  const auto temporal = static_cast<std::uint8_t>(temporal_before_ | temporal_now_);
  current_ = LayerPosition{.spatial = simulcast() ? encoding_ : position_.spatial,
                           .temporal = std::min(position_.temporal, highest(temporal))};
}

}  // namespace sluice

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "core/media/layers/packet_layers.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

/// Chooses what one receiver gets of a video: of a simulcast one encoding at a time, of SVC the spatial layers up to
/// one, and of either the temporal layers up to one.
///
/// It goes up where a decoder can follow: to another encoding and to higher spatial layers on a key frame, which it
/// asks for until it comes, or where the stream has a switching point; to higher temporal layers at a switching point.
/// It goes down at the next picture where it can; where that takes a key frame (another encoding, k-SVC) the lowest
/// temporal layer of what is sent goes on until then.
///
/// Sans I/O. Feed it the packets of all encodings in the order of their arrival, but not those that come behind what
/// was chosen already: they go by the position() of their time, see fits().
/// @note Worker thread only; small, allocates nothing.
class LayerSelector {
 public:
  static constexpr std::size_t kMaxEncodings = 8;
  /// An encoding of a simulcast that sends nothing for this long is given up for another one.
  static constexpr Duration kEncodingSilence = std::chrono::seconds{1};
  /// So many pictures without a spatial layer, and it counts as gone: by pictures, as a still screen sends few.
  static constexpr std::uint8_t kLayerSilence = 30;

  struct Choice {
    bool forward = false;
    bool begins_encoding = false;  ///< the first packet of another encoding than before
    /// A key frame is wanted of this encoding.
    std::optional<std::uint8_t> keyframe_of{};
  };

  /// What is to be sent, at most; none: nothing. As long as nobody says: everything.
  void set_target(std::optional<LayerPosition> target) noexcept;
  /// What the receiver wants, at most.
  void set_limit(LayerPosition limit) noexcept { limit_ = limit; }
  /// Another source, of so many encodings: everything begins anew but for target and limit.
  void reset(std::uint8_t encodings) noexcept;
  /// What was sent breaks off: it goes on with a key frame.
  void restart() noexcept;

  [[nodiscard]] Choice choose(std::uint8_t encoding, const PacketLayers& layers, RtpTimestamp timestamp,
                              Instant now) noexcept;

  /// Whether a frame belongs to what is sent at `position`: of the encoding that is sent.
  [[nodiscard]] static constexpr bool fits(const PacketLayers& layers, LayerPosition position) noexcept {
    return layers.temporal <= position.temporal &&
           (layers.spatial == position.spatial || (layers.spatial < position.spatial && layers.used_by_upper_spatial));
  }
  /// Whether a packet ends what a receiver gets of its picture: upper layers that are left out took the marker along.
  [[nodiscard]] static constexpr bool ends_picture(const PacketLayers& layers, LayerPosition position) noexcept {
    return layers.ends_picture || (layers.ends_frame && layers.spatial == position.spatial);
  }

  /// Up to where layers of the encoding are sent now: what fits() goes by.
  [[nodiscard]] LayerPosition position() const noexcept { return position_; }
  /// The encoding to ask for a key frame of, when there is nothing to go by but the time. Where no encoding sends,
  /// gives that one time to show up.
  [[nodiscard]] std::uint8_t encoding_to_ask(Instant now) noexcept;
  /// Of the encodings the one that is sent, or was last.
  [[nodiscard]] std::uint8_t encoding() const noexcept { return encoding_; }
  [[nodiscard]] bool sends(std::uint8_t encoding) const noexcept { return !has_encoding_ || encoding == encoding_; }
  [[nodiscard]] bool needs_keyframe() const noexcept { return needs_keyframe_; }

  /// What is really sent; none while nothing is.
  [[nodiscard]] std::optional<LayerPosition> current() const noexcept { return current_; }
  /// Another layer is wanted than is sent, and a key frame waited for.
  [[nodiscard]] bool waits() const noexcept { return needs_keyframe_ || waits_; }

 private:
  [[nodiscard]] bool simulcast() const noexcept { return encodings_ > 1; }
  [[nodiscard]] LayerPosition most() const noexcept;
  [[nodiscard]] bool seen_lately(std::uint8_t encoding, Instant now) const noexcept;
  [[nodiscard]] std::uint8_t wanted_encoding(Instant now) const noexcept;
  [[nodiscard]] std::uint8_t wanted_spatial() const noexcept;
  [[nodiscard]] LayerPosition wanted_position(Instant now) noexcept;
  [[nodiscard]] Choice choose_start(std::uint8_t encoding, const PacketLayers& layers, RtpTimestamp timestamp,
                                    Instant now) noexcept;
  void begin_picture(const PacketLayers& layers, RtpTimestamp timestamp, Instant now) noexcept;
  void begin_keyframe(const PacketLayers& layers, Instant now) noexcept;
  void move_spatially(const PacketLayers& layers, std::uint8_t wanted) noexcept;
  void raise_temporal(const PacketLayers& layers) noexcept;
  void note(const PacketLayers& layers) noexcept;
  void end_window() noexcept;
  void update_current() noexcept;

  std::array<Instant, kMaxEncodings> seen_at_{never()};  // by encoding
  std::optional<LayerPosition> target_{kEveryLayer};
  LayerPosition limit_ = kEveryLayer;
  LayerPosition position_{};
  LayerPosition wanted_{};  // of the picture under way
  std::optional<LayerPosition> current_;
  RtpTimestamp timestamp_{};  // of the picture under way
  std::uint8_t encodings_ = 1;
  std::uint8_t encoding_ = 0;  // that is sent
  bool has_encoding_ = false;
  bool needs_keyframe_ = true;
  bool waits_ = false;
  std::uint8_t spatial_layers_ = 1;
  std::uint8_t broken_ = 0;  // a bit for each spatial layer of which something was left out since the last key picture
  // Layers of the last kLayerSilence pictures and of the ones since: a bit each.
  std::uint8_t spatial_before_ = 0;
  std::uint8_t spatial_now_ = 0;
  std::uint8_t temporal_before_ = 0;
  std::uint8_t temporal_now_ = 0;
  std::uint8_t pictures_ = 0;

  static constexpr std::array<Instant, kMaxEncodings> never() noexcept {
    std::array<Instant, kMaxEncodings> all{};
    all.fill(Instant::min());
    return all;
  }
};

}  // namespace sluice

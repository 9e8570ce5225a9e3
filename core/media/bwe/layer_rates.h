#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/media/bwe/layer_rate.h"
#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

/// To whom the bytes of a packet go.
enum class LayerUse : std::uint8_t {
  own,      ///< who takes its spatial layer: every encoding of a simulcast, and of SVC what no upper layer refers to
  upwards,  ///< who takes an upper spatial layer, too: PacketLayers::used_by_upper_spatial of SVC
};

/// Measures what each layer of one source costs, for the BitrateAllocator.
///
/// The rate of a layer is that of all packets that who takes it is sent, over the last kWindow. It follows a rise
/// within a second and a fall slowly, and while nothing is sent at all it stands: a still screen that sends nothing for
/// seconds costs what it cost when it moved. So what is told is nearly the peak.
///
/// Sans I/O; about 2 KiB, nothing allocated, the same few steps for each packet. @note Worker thread only.
class LayerRates {
 public:
  /// Beyond them a layer counts as the last one.
  static constexpr std::size_t kMaxSpatial = 4;
  static constexpr std::size_t kMaxTemporal = 4;
  static constexpr Duration kWindow = std::chrono::seconds{2};
  /// Rates are worked out anew when asked for and older than this, or when a layer has appeared.
  static constexpr Duration kRefresh = std::chrono::milliseconds{200};
  /// A spatial layer that sent nothing for this time and for so many packets of the others is switched off: they show
  /// the same pictures.
  static constexpr Duration kSpatialSilence = std::chrono::seconds{1};
  static constexpr std::uint16_t kSpatialMissed = 20;
  /// A temporal layer may have nothing to show for longer.
  static constexpr Duration kTemporalSilence = std::chrono::seconds{5};
  /// A source that sends nothing at all is not a still picture any more.
  static constexpr Duration kForgotten = std::chrono::seconds{30};

  void on_packet(LayerPosition position, LayerUse use, std::size_t bytes, Instant now) noexcept;
  /// Of the layers that are sent, ascending in position; valid until the next call of anything.
  [[nodiscard]] std::span<const LayerRate> rates(Instant now) noexcept;
  /// The source is paused or begins anew.
  void clear() noexcept { *this = LayerRates{}; }

 private:
  static constexpr Duration kSlot = std::chrono::milliseconds{250};
  static constexpr std::size_t kSlots = kWindow / kSlot + 1;  // the window, and the slot that is not over
  static constexpr std::size_t kCells = kMaxSpatial * kMaxTemporal;
  // A younger layer is not measured long enough to be smoothed; nor is it divided by less than kShortest: it begins
  // with a key frame.
  static constexpr Duration kYoung = std::chrono::seconds{2};
  static constexpr Duration kShortest = std::chrono::seconds{1};
  // Time constants of the smoothing.
  static constexpr Duration kRise = std::chrono::seconds{1};
  static constexpr Duration kFall = std::chrono::seconds{8};

  struct Counted {
    std::uint32_t own = 0;
    std::uint32_t upwards = 0;
  };
  using Counts = std::array<Counted, kCells>;
  struct Cell {
    std::optional<Instant> since;  // first packet; none: not sent
    Instant last{};
    double rate = 0;  // smoothed, bits per second, with all layers below
  };

  void rotate(std::int64_t slot) noexcept;
  void refresh(Instant now) noexcept;
  void forget_silent(Instant now) noexcept;
  [[nodiscard]] double measured(std::size_t spatial, std::size_t temporal, Instant now) const noexcept;
  void smooth(Cell& cell, double measured, Instant now) const noexcept;

  std::array<Counts, kSlots> slots_{};
  Counts sums_{};
  std::int64_t newest_ = 0;  // slot
  std::array<Cell, kCells> cells_{};
  std::array<std::uint16_t, kMaxSpatial> missed_{};  // packets of other spatial layers since its last one
  Instant last_packet_{};
  Instant refreshed_{};
  bool changed_ = false;  // a layer has appeared
  std::array<LayerRate, kCells> rates_{};
  std::size_t count_ = 0;
};

}  // namespace sluice

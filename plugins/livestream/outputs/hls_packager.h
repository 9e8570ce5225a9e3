#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>

#include "outputs/output.h"
#include "sluice/media/fragment_writer.h"

namespace sluice::livestream {

/// A piece of a segment.
struct HlsPart {
  std::int64_t sequence = 0;  ///< of its segment
  std::int64_t part = 0;      ///< in it
  media::MediaTime duration{};
  bool independent = false;  ///< begins with a key frame
};

/// Where an HlsPackager puts what it makes, in the order of players.
class HlsSink {
 public:
  using Bytes = std::span<const std::uint8_t>;

  virtual ~HlsSink() = default;
  /// Of all that follows. What came before, if anything did, has another format or was broken off.
  virtual void initialisation(Bytes bytes, const std::string& codecs) = 0;
  virtual void part(const HlsPart& part, Bytes bytes) = 0;
  /// The parts since the last one are a segment.
  virtual void segment_end(std::int64_t sequence) = 0;
};

/// Cuts a program into segments and parts, both tracks at the same times. A part ends where a picture begins, as late
/// as its length allows; a segment where one begins that says so, or another format. A part whose picture stays for
/// longer than that is followed by parts of sound alone.
class HlsPackager {
 public:
  /// How long one track is waited for while the other goes on.
  static constexpr media::MediaTime kPatience = std::chrono::seconds{1};

  /// @param part  No part is longer.
  HlsPackager(media::MediaTime part, HlsSink& sink) : longest_{part}, sink_{sink} {}

  /// Until the first key frame nothing is taken. Throws media::MediaError: then restart().
  void put(const ProgramPacketPtr& packet);
  /// What waits becomes parts, and the segment ends.
  void finish();
  /// What waits is forgotten, the segment broken off; it goes on with the next key frame and another initialisation.
  void restart();

 private:
  using Time = media::MediaTime;
  enum class IsAll : bool { no, yes };  // whether nothing more comes of what there is
  struct Cut {
    Time end{};
    bool ends_segment = false;
  };

  void begin(const ProgramPacketPtr& packet);
  void make_parts(IsAll is_all);
  [[nodiscard]] std::optional<Cut> next_cut(IsAll is_all) const;
  [[nodiscard]] std::optional<Cut> cut_at_picture(IsAll is_all) const;
  [[nodiscard]] Time cut_at_sound(Time latest) const;
  [[nodiscard]] bool is_there_until(Time end, IsAll is_all) const;
  [[nodiscard]] Time end_of_all() const;
  void make_part(const Cut& cut);
  void write_until(std::size_t track, Time end);
  void end_segment();

  Time longest_;
  HlsSink& sink_;
  std::optional<media::FragmentWriter> writer_;  // none: a key frame is waited for
  ProgramFormatPtr format_;
  std::array<std::deque<ProgramPacketPtr>, 2> waiting_;  // by track
  std::array<std::optional<Time>, 2> newest_;            // dts
  Time begin_{};                                         // of the part
  std::int64_t sequence_ = 0;
  std::int64_t part_ = 0;
};

}  // namespace sluice::livestream

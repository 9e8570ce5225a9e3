#pragma once

#include <cstdint>
#include <string>

#include "journal.h"

namespace sluice::recording {

/// Appends to a session's journal, each line at once: what append() has taken survives the process.
/// @note One thread at a time; blocks on the disk.
class JournalWriter {
 public:
  /// Room kept free for the last lines of a disk that is full.
  static constexpr std::int64_t kReserveBytes = 64 << 10;
  static constexpr std::string_view kReserveFile = "journal.reserve";
  /// What may come as often as somebody likes (who speaks, chat) is left out beyond this.
  static constexpr std::uint64_t kManyBytes = std::uint64_t{64} << 20;

  /// Creates the journal (0600) in a folder that is there, or empties it. Throws std::system_error.
  explicit JournalWriter(const std::string& folder);
  JournalWriter(JournalWriter&& other) noexcept;
  JournalWriter& operator=(JournalWriter&&) = delete;
  ~JournalWriter();

  /// Throws std::system_error where the disk refuses; no part of the line stays then.
  void append(const JournalEntry& entry);
  /// Power may fail now.
  void sync();
  /// The reserve's room is free for others: for the lines of a full disk, or at the end.
  void release_reserve() noexcept;
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  std::string reserve_;
  int descriptor_;
  std::uint64_t bytes_ = 0;
};

}  // namespace sluice::recording

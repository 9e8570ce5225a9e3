#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "sluice/media/packet.h"

namespace sluice::media {

/// What FFmpeg says, with the file or coder that it is about. `code()` is FFmpeg's: AVERROR(ENOSPC) and the like.
class MediaError : public std::runtime_error {
 public:
  MediaError(const std::string& what, int code) : std::runtime_error{what}, code_{code} {}
  [[nodiscard]] int code() const noexcept { return code_; }
  /// The disk is full or the quota is used up.
  [[nodiscard]] bool is_disk_full() const noexcept;

 private:
  int code_;
};

enum class Container : std::uint8_t {
  /// Any codec; readable up to the last flush() after a crash. For capturing: has no index and does not tell its
  /// length.
  matroska,
  webm,            ///< VP8, VP9, AV1, Opus
  mp4,             ///< index in front (faststart), written by finish(); useless before
  fragmented_mp4,  ///< readable up to the last flush() after a crash
  mp3
};

/// In milliseconds, as players show them.
struct Chapter {
  MediaTime begin{};
  MediaTime end{};
  std::string title;
};

struct FileOptions {
  Container container = Container::matroska;
  std::vector<TrackFormat> tracks;
  std::vector<std::pair<std::string, std::string>> metadata{};  ///< `title`, `artist`, `date`, ...
  std::vector<Chapter> chapters{};                              ///< in order; not of mp3
};

/// Writes a file. Every function throws MediaError where the disk or FFmpeg refuses.
/// @note One thread at a time; blocks on the disk.
class FileWriter {
 public:
  /// Creates the file (0600), or replaces it.
  FileWriter(const std::string& path, const FileOptions& options);
  FileWriter(FileWriter&&) noexcept;
  FileWriter& operator=(FileWriter&&) noexcept;
  /// Without finish() the file stays as the last flush() left it.
  ~FileWriter();

  /// Packets of a track in the order of their dts, which grow; those of different tracks within some seconds.
  void write(const Packet& packet);
  /// What was written can be read back though the process be killed now.
  void flush();
  /// Writes what stands at the end, and closes the file.
  void finish();
  [[nodiscard]] std::uint64_t bytes() const noexcept;  ///< in the file; what waits for flush() is not

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads a file, also one that ends in the middle.
/// @note One thread at a time; blocks on the disk.
class FileReader {
 public:
  /// Throws MediaError where it is no media file, or has no track that is handled here.
  explicit FileReader(const std::string& path);
  FileReader(FileReader&&) noexcept;
  FileReader& operator=(FileReader&&) noexcept;
  ~FileReader();

  [[nodiscard]] const std::vector<TrackFormat>& tracks() const noexcept;
  /// As the file says; nothing: not known (it was cut off).
  [[nodiscard]] std::optional<MediaTime> duration() const noexcept;
  /// The next packet of the tracks that are handled; nothing: the end, also where the rest is damaged.
  [[nodiscard]] std::optional<Packet> next();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// What a file's header needs to know of a stream, from one of its key frames (of Opus from nothing): picture size,
/// parameter sets. Nothing where it is no key frame that can be read.
[[nodiscard]] std::optional<TrackFormat> format_of(Codec codec, std::span<const std::uint8_t> key_frame);

}  // namespace sluice::media

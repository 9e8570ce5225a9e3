#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "production_plan.h"
#include "sluice/media/frame.h"
#include "sluice/media/packet.h"

namespace sluice::recording {

/// What it is to write, and where.
struct ProductFileOptions {
  std::string path;
  ProductPlan plan{};
  std::optional<media::TrackFormat> copied_video{};  ///< video comes as packets of this format, not as pictures
  std::vector<std::pair<std::string, std::string>> metadata{};
  std::vector<media::Chapter> chapters{};
};

/// The second half of a production: codes pictures and sound, and writes the file, on a thread of its own. What comes
/// in waits in a queue, whoever puts it there waits while that is full.
/// @note One thread puts. What the coder or the disk refuses is thrown by the next call as media::MediaError.
class ProductWriter {
 public:
  explicit ProductWriter(const ProductFileOptions& options);
  ProductWriter(const ProductWriter&) = delete;
  ProductWriter& operator=(const ProductWriter&) = delete;
  /// Without finish() the file is of no use.
  ~ProductWriter();

  void put(media::VideoFrame picture);
  void put(media::AudioBlock sound);
  /// Of `copied_video`.
  void put(media::Packet video);
  /// Waits until everything is written.
  void finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::recording

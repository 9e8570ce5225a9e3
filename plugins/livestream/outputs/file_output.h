#pragma once

#include <memory>
#include <string>

#include "outputs/output.h"
#include "outputs/output_queue.h"

namespace sluice::livestream {

struct FileOutputOptions {
  std::string path;  ///< of the first file; the next, after a change of format, is `<stem>-2<extension>`
  QueueLimits queue{};
};

/// Records the program as fragmented MP4, readable up to its last second whatever happens. Once the disk has refused it
/// stays at that: what is written until then can be read, nothing follows.
class FileOutput final : public Output {
 public:
  explicit FileOutput(FileOutputOptions options);
  FileOutput(const FileOutput&) = delete;
  FileOutput& operator=(const FileOutput&) = delete;
  ~FileOutput() override;  ///< finish()

  void put(const ProgramPacketPtr& packet) override;
  void finish() override;

  // Any thread.
  [[nodiscard]] std::string problem() const;           ///< what the disk says, for people; empty: all is well
  [[nodiscard]] std::uint64_t bytes() const;           ///< that were written, in all files
  [[nodiscard]] std::uint64_t dropped_frames() const;  ///< of video that the disk was too slow for

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::livestream

#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "outputs/file_output.h"
#include "outputs/hls_output.h"
#include "outputs/rtmp_output.h"
#include "sluice/time.h"
#include "stream_job.h"

namespace sluice::livestream {

/// What outputs tell and ask of who has them. Any thread; outlives them.
class OutputListener {
 public:
  virtual ~OutputListener() = default;
  virtual void on_target(const TargetReport& report) = 0;
  virtual void on_hls_file(const HlsFile& file) = 0;
  /// An output can begin with the next key frame.
  virtual void on_key_frame_wanted() = 0;
  [[nodiscard]] virtual Instant now() const = 0;
};

/// All outputs of one program, those of the order and the targets that come and go.
/// @note One thread: the encoder's.
class OutputSet final : public Output {
 public:
  static constexpr std::size_t kMaxTargets = 32;

  /// Borrows the listener.
  OutputSet(const ProgramOrder& order, OutputListener& listener);
  OutputSet(const OutputSet&) = delete;
  OutputSet& operator=(const OutputSet&) = delete;
  ~OutputSet() override;

  /// One of the same id as another is left out; one too many is told as failed.
  void add(const AddTarget& target);
  /// Its goodbye is said on a thread of its own.
  void remove(const RemoveTarget& target);
  void put(const ProgramPacketPtr& packet) override;
  /// All at once.
  void finish() override;
  /// Adds the outputs' to those of the program. @param elapsed  Since the last call.
  void fill(ProgramFigures& figures, std::chrono::milliseconds elapsed);

 private:
  ProgramOrder order_;
  OutputListener& listener_;
  std::unique_ptr<HlsOutput> hls_;
  std::unique_ptr<FileOutput> file_;
  std::vector<std::unique_ptr<RtmpOutput>> targets_;
  std::vector<std::future<void>> goodbyes_;
};

}  // namespace sluice::livestream

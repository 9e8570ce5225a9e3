#include "outputs/hls_output.h"

#include <thread>
#include <utility>

#include "outputs/hls_files.h"
#include "outputs/hls_packager.h"
#include "outputs/problem.h"

namespace sluice::livestream {

class HlsOutput::Impl {
 public:
  Impl(HlsOutputOptions options, Function<void(const HlsFile&)> report)
      : queue_{options.queue},
        files_{std::move(options.folder), std::move(report), [this](const std::string& text) { problem_.set(text); }},
        packager_{options.part, files_},
        thread_{[this] { run(); }} {}
  ~Impl() { finish(); }

  void put(const ProgramPacketPtr& packet) { queue_.put(packet); }
  void finish() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] std::string problem() const { return problem_.text(); }
  [[nodiscard]] std::uint64_t dropped_frames() const { return queue_.dropped_frames(); }

 private:
  void run() {
    while (const auto packet = queue_.take()) attempt([&] { packager_.put(packet); });
    attempt([&] { packager_.finish(); });
  }
  /// What the disk refuses is HlsFiles' affair; what FFmpeg refuses is not gone on with.
  template <typename Call>
  void attempt(Call call) {
    try {
      call();
    } catch (const media::MediaError& error) {
      files_.give_up(error.what());
      packager_.restart();
    }
  }

  OutputQueue queue_;
  Problem problem_;
  HlsFiles files_;
  HlsPackager packager_;
  std::thread thread_;  // the last: it uses all of the others
};

HlsOutput::HlsOutput(HlsOutputOptions options, Function<void(const HlsFile&)> report)
    : impl_{std::make_unique<Impl>(std::move(options), std::move(report))} {}
HlsOutput::~HlsOutput() = default;
void HlsOutput::put(const ProgramPacketPtr& packet) { impl_->put(packet); }
void HlsOutput::finish() { impl_->finish(); }
std::string HlsOutput::problem() const { return impl_->problem(); }
std::uint64_t HlsOutput::dropped_frames() const { return impl_->dropped_frames(); }

}  // namespace sluice::livestream

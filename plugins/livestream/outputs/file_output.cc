#include "outputs/file_output.h"

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "outputs/problem.h"
#include "sluice/media/media_file.h"

namespace sluice::livestream {

namespace {

/// So much is lost where the process is killed.
constexpr media::MediaTime kFlush = std::chrono::seconds{1};

/// `program.mp4`, `program-2.mp4`, ...
std::string path_of(const std::string& first, int number) {
  if (number == 1) return first;
  const std::filesystem::path path{first};
  const auto name = path.stem().string() + '-' + std::to_string(number) + path.extension().string();
  return (path.parent_path() / name).string();
}

/// Without the file's path, which is nobody's business who looks at a stream.
std::string words_for(const media::MediaError& error) {
  return error.code() < 0 && error.code() > -4'096 ? std::generic_category().message(-error.code())
                                                   : "the recording cannot be written";
}

}  // namespace

class FileOutput::Impl {
 public:
  explicit Impl(FileOutputOptions options)
      : options_{std::move(options)}, queue_{options_.queue}, thread_{[this] { run(); }} {}
  ~Impl() { finish(); }

  void put(const ProgramPacketPtr& packet) { queue_.put(packet); }
  void finish() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] std::string problem() const { return problem_.text(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t dropped_frames() const { return queue_.dropped_frames(); }

 private:
  void run() {
    try {
      while (const auto packet = queue_.take()) write(*packet);
      end_file();
    } catch (const media::MediaError& error) {
      problem_.set(words_for(error));
      writer_.reset();
      queue_.pause();
    }
  }

  void write(const ProgramPacket& packet) {
    if (packet.format != format_) {
      // Sound of the next format may come before its first picture.
      if (packet.packet.track != kVideoTrack || !packet.packet.key_frame) return;
      begin_file(packet);
    }
    if (packet.packet.dts < begin_) return;
    writer_->write(packet.packet);
    if (packet.packet.dts < flushed_ + kFlush) return;
    flushed_ = packet.packet.dts;
    writer_->flush();
    bytes_ = ended_bytes_ + writer_->bytes();
  }

  void begin_file(const ProgramPacket& packet) {
    end_file();
    format_ = packet.format;
    begin_ = flushed_ = packet.packet.dts;
    std::error_code ignored;  // where there is no folder, there is no file
    std::filesystem::create_directories(std::filesystem::path{options_.path}.parent_path(), ignored);
    writer_.emplace(path_of(options_.path, ++files_),
                    media::FileOptions{.container = media::Container::fragmented_mp4,
                                       .tracks = {packet.format->video, packet.format->audio}});
  }

  void end_file() {
    if (!writer_) return;
    writer_->finish();
    ended_bytes_ += writer_->bytes();
    bytes_ = ended_bytes_;
    writer_.reset();
  }

  FileOutputOptions options_;
  OutputQueue queue_;
  Problem problem_;
  std::atomic<std::uint64_t> bytes_{0};

  // Of the thread.
  std::optional<media::FileWriter> writer_;
  ProgramFormatPtr format_;
  int files_ = 0;
  std::uint64_t ended_bytes_ = 0;
  media::MediaTime begin_{};
  media::MediaTime flushed_{};

  std::thread thread_;  // the last: it uses all of the others
};

FileOutput::FileOutput(FileOutputOptions options) : impl_{std::make_unique<Impl>(std::move(options))} {}
FileOutput::~FileOutput() = default;
void FileOutput::put(const ProgramPacketPtr& packet) { impl_->put(packet); }
void FileOutput::finish() { impl_->finish(); }
std::string FileOutput::problem() const { return impl_->problem(); }
std::uint64_t FileOutput::bytes() const { return impl_->bytes(); }
std::uint64_t FileOutput::dropped_frames() const { return impl_->dropped_frames(); }

}  // namespace sluice::livestream

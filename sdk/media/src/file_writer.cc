#include <algorithm>
#include <optional>
#include <utility>

#include "ffmpeg.h"
#include "output_file.h"
#include "sluice/media/media_file.h"

namespace sluice::media {

using namespace ffmpeg;

namespace {

constexpr std::size_t kMaxTracks = 64;
constexpr AVRational kMilliseconds{1, 1'000};
/// Of video in MP4, as RTP has it: whole numbers for all usual frame rates.
constexpr AVRational kVideoTicks{1, 90'000};

/// A cluster of Matroska is held back until it is whole.
constexpr int kClusterMs = 1'000;
constexpr int kClusterBytes = 1 << 20;
/// A fragment likewise, where flush() has not cut one before.
constexpr std::int64_t kFragmentUs = 10'000'000;

const char* name_of(Container container) noexcept {
  switch (container) {
    case Container::matroska:
      return "matroska";
    case Container::webm:
      return "webm";
    case Container::mp4:
    case Container::fragmented_mp4:
      return "mp4";
    case Container::mp3:
      return "mp3";
  }
  return "";
}

constexpr bool is_matroska(Container container) noexcept {
  return container == Container::matroska || container == Container::webm;
}

void set_clusters(Dictionary& options) {
  options.set("cluster_time_limit", kClusterMs);
  options.set("cluster_size_limit", kClusterBytes);
}

void add_options(Container container, Dictionary& options) {
  switch (container) {
    case Container::webm:
      options.set("cues_to_front", std::int64_t{1});  // so that players seek without reading the end first
      set_clusters(options);
      break;
    case Container::matroska:
      options.set("live", std::int64_t{1});  // an index would grow in memory for as long as the recording lasts
      set_clusters(options);
      break;
    case Container::mp4:
      options.set("movflags", "+faststart");
      break;
    case Container::fragmented_mp4:
      // delay_moov: the header is written with the first fragment, when it is known what lies before time zero.
      options.set("movflags", "+frag_custom+delay_moov+default_base_moof");
      options.set("frag_duration", kFragmentUs);
      break;
    case Container::mp3:
      options.set("id3v2_version", std::int64_t{3});
      break;
  }
}

AVRational time_base_of(Container container, const TrackFormat& format) {
  if (is_matroska(container)) return kMilliseconds;
  return is_video(format.codec) ? kVideoTicks : AVRational{1, format.sample_rate};
}

void add_track(AVFormatContext& context, Container container, const TrackFormat& format) {
  auto* const stream = avformat_new_stream(&context, nullptr);
  if (stream == nullptr) throw std::bad_alloc{};
  to_parameters(format, *stream->codecpar);
  stream->time_base = time_base_of(container, format);
  if (format.title.empty()) return;
  av_dict_set(&stream->metadata, is_matroska(container) ? "title" : "handler_name", format.title.c_str(), 0);
}

void add_chapters(AVFormatContext& context, const std::vector<Chapter>& chapters) {
  if (chapters.empty()) return;
  // The context frees the list and what is in it, also where this is left half way.
  context.chapters = static_cast<AVChapter**>(av_calloc(chapters.size(), sizeof(AVChapter*)));
  if (context.chapters == nullptr) throw std::bad_alloc{};
  for (const auto& chapter : chapters) {
    auto* const entry = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
    if (entry == nullptr) throw std::bad_alloc{};
    context.chapters[context.nb_chapters++] = entry;
    entry->id = context.nb_chapters;
    entry->time_base = kMilliseconds;
    entry->start = to_ticks(chapter.begin, kMilliseconds);
    entry->end = to_ticks(chapter.end, kMilliseconds);
    av_dict_set(&entry->metadata, "title", chapter.title.c_str(), 0);
  }
}

}  // namespace

class FileWriter::Impl {
 public:
  Impl(const std::string& path, const FileOptions& options);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() = default;

  void write(const Packet& packet);
  void flush();
  void finish();
  [[nodiscard]] std::uint64_t bytes() const noexcept { return file_.size(); }

 private:
  /// Throws what went wrong before: a file that lacks something in the middle is not gone on with.
  void require_open() const;
  int checked(int code);
  void account_for_padding(AVPacket& packet) const;
  void push_held_audio();

  std::string path_;
  Container container_;
  OutputFile file_;  // outlives the context, which uses it
  OutputPtr context_;
  int error_ = 0;
  bool has_written_ = false;
  bool finished_ = false;
  struct HeldAudio {
    int track;
    std::int64_t pts;
  };
  std::optional<HeldAudio> held_audio_;  // the last packet of audio since the last flush
};

FileWriter::Impl::Impl(const std::string& path, const FileOptions& options)
    : path_{path}, container_{options.container}, file_{path} {
  quiet();
  if (options.tracks.empty() || options.tracks.size() > kMaxTracks) fail(path_ + ": tracks", AVERROR(EINVAL));
  AVFormatContext* context = nullptr;
  // The muxer opens the file a second time where it moves what it has written; `file:`, lest a path is taken for a URL.
  check(avformat_alloc_output_context2(&context, nullptr, name_of(container_), ("file:" + path).c_str()), path_);
  context_.reset(context);
  context_->pb = file_.io();
  context_->flags |= AVFMT_FLAG_CUSTOM_IO;
  // Sound that begins before zero (padding) is not to move the pictures.
  if (is_matroska(container_)) context_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;

  for (const auto& track : options.tracks) add_track(*context_, container_, track);
  for (const auto& [key, value] : options.metadata) av_dict_set(&context_->metadata, key.c_str(), value.c_str(), 0);
  if (container_ != Container::mp3) add_chapters(*context_, options.chapters);

  Dictionary muxer_options;
  add_options(container_, muxer_options);
  checked(avformat_write_header(context_.get(), muxer_options.get()));
  checked(file_.flush());
}

void FileWriter::Impl::require_open() const {
  if (error_ < 0) fail(path_, error_);
  if (finished_) fail(path_ + ": finished already", AVERROR(EINVAL));
}

int FileWriter::Impl::checked(int code) {
  // What the system said tells more than what the muxer made of it.
  if (file_.io()->error < 0) code = file_.io()->error;
  if (code < 0) error_ = code;
  return check(code, path_);
}

void FileWriter::Impl::write(const Packet& packet) {
  require_open();
  if (packet.track >= context_->nb_streams) fail(path_ + ": no such track", AVERROR(EINVAL));
  const auto& stream = *context_->streams[packet.track];
  const auto out = to_packet(packet, stream.time_base);
  account_for_padding(*out);
  if (stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO) held_audio_ = {out->stream_index, out->pts};
  // One track alone has nothing to wait for.
  checked(context_->nb_streams == 1 ? av_write_frame(context_.get(), out.get())
                                    : av_interleaved_write_frame(context_.get(), out.get()));
  has_written_ = true;
}

/// What the encoder put in front, where FFmpeg 5.1's muxers leave it to the caller: of Opus Matroska's writes how much
/// it is (CodecDelay, which is to be taken off each time), but does not add it; MP3's takes it from the first packet.
void FileWriter::Impl::account_for_padding(AVPacket& packet) const {
  const auto& stream = *context_->streams[packet.stream_index];
  const auto padding = stream.codecpar->initial_padding;
  if (padding <= 0) return;
  if (is_matroska(container_) && stream.codecpar->codec_id == AV_CODEC_ID_OPUS) {
    const auto ticks = av_rescale_q(padding, {1, stream.codecpar->sample_rate}, stream.time_base);
    packet.pts += ticks;
    packet.dts += ticks;
  }
  if (container_ != Container::mp3 || has_written_) return;
  constexpr std::size_t kSkipSamplesBytes = 10;  // 32 bits to skip in front, 32 behind, the reasons
  auto* const data = av_packet_new_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, kSkipSamplesBytes);
  if (data == nullptr) throw std::bad_alloc{};
  std::fill_n(data, kSkipSamplesBytes, std::uint8_t{0});
  AV_WL32(data, static_cast<unsigned>(padding));
}

void FileWriter::Impl::flush() {
  require_open();
  if (context_->nb_streams > 1) checked(av_interleaved_write_frame(context_.get(), nullptr));
  push_held_audio();
  checked(av_write_frame(context_.get(), nullptr));
  // With delay_moov the first time brings the header alone.
  if (container_ == Container::fragmented_mp4) checked(av_write_frame(context_.get(), nullptr));
  checked(file_.flush());
}

/// Matroska's muxer holds one packet of audio back until the next comes, also when it is told to flush. One without
/// content pushes it out, and is not written.
void FileWriter::Impl::push_held_audio() {
  if (!is_matroska(container_) || !held_audio_) return;
  const auto nothing = owned<PacketPtr>(av_packet_alloc());
  nothing->stream_index = held_audio_->track;
  nothing->pts = nothing->dts = held_audio_->pts;
  // Without side data it would be taken for the end of the stream.
  if (av_packet_new_side_data(nothing.get(), AV_PKT_DATA_STRINGS_METADATA, 1) == nullptr) throw std::bad_alloc{};
  checked(av_write_frame(context_.get(), nothing.get()));
  held_audio_.reset();
}

void FileWriter::Impl::finish() {
  require_open();
  finished_ = true;
  checked(av_write_trailer(context_.get()));
  if (const auto code = file_.close(); code < 0) {
    error_ = code;
    fail(path_, code);
  }
}

FileWriter::FileWriter(const std::string& path, const FileOptions& options)
    : impl_{std::make_unique<Impl>(path, options)} {}
FileWriter::FileWriter(FileWriter&&) noexcept = default;
FileWriter& FileWriter::operator=(FileWriter&&) noexcept = default;
FileWriter::~FileWriter() = default;
void FileWriter::write(const Packet& packet) { impl_->write(packet); }
void FileWriter::flush() { impl_->flush(); }
void FileWriter::finish() { impl_->finish(); }
std::uint64_t FileWriter::bytes() const noexcept { return impl_->bytes(); }

}  // namespace sluice::media

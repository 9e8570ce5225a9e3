#include "sluice/media/fragment_writer.h"

#include <utility>

#include "ffmpeg.h"

namespace sluice::media {

using namespace ffmpeg;

namespace {

constexpr const char* kWhat = "a fragment";
constexpr int kBufferBytes = 64 << 10;
constexpr std::size_t kMaxTracks = 8;
constexpr AVRational kVideoTicks{1, 90'000};

using IoPtr = std::unique_ptr<AVIOContext, Free<avio_context_free>>;

/// What FFmpeg writes, in memory.
class MemoryOutput {
 public:
  MemoryOutput() {
    auto* const buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
    if (buffer == nullptr) throw std::bad_alloc{};
    io_.reset(avio_alloc_context(buffer, kBufferBytes, 1, this, nullptr, write, nullptr));
    if (io_ != nullptr) return;
    av_free(buffer);
    throw std::bad_alloc{};
  }
  MemoryOutput(const MemoryOutput&) = delete;
  MemoryOutput& operator=(const MemoryOutput&) = delete;
  ~MemoryOutput() { av_freep(&io_->buffer); }  // which it may have replaced

  [[nodiscard]] AVIOContext* io() const noexcept { return io_.get(); }
  [[nodiscard]] std::vector<std::uint8_t> take() {
    avio_flush(io_.get());
    if (io_->error < 0) fail(kWhat, io_->error);
    return std::exchange(bytes_, {});
  }

 private:
  static int write(void* self, std::uint8_t* data, int size) noexcept {
    try {
      auto& bytes = static_cast<MemoryOutput*>(self)->bytes_;
      bytes.insert(bytes.end(), data, data + size);
    } catch (const std::bad_alloc&) {
      return AVERROR(ENOMEM);
    }
    return size;
  }

  IoPtr io_;
  std::vector<std::uint8_t> bytes_;
};

void add_track(AVFormatContext& context, const TrackFormat& format) {
  auto* const stream = avformat_new_stream(&context, nullptr);
  if (stream == nullptr) throw std::bad_alloc{};
  to_parameters(format, *stream->codecpar);
  // The packets' times say what its encoder put in front.
  stream->codecpar->initial_padding = 0;
  stream->time_base = is_video(format.codec) ? kVideoTicks : AVRational{1, format.sample_rate};
}

}  // namespace

class FragmentWriter::Impl {
 public:
  explicit Impl(const std::vector<TrackFormat>& tracks);

  [[nodiscard]] const std::vector<std::uint8_t>& initialisation() const noexcept { return initialisation_; }
  void write(const Packet& packet, std::optional<MediaTime> duration);
  [[nodiscard]] std::vector<std::uint8_t> cut();

 private:
  MemoryOutput output_;  // outlives the context, which uses it
  OutputPtr context_;
  std::vector<std::uint8_t> initialisation_;
  bool is_empty_ = true;  // of the piece
};

FragmentWriter::Impl::Impl(const std::vector<TrackFormat>& tracks) {
  quiet();
  if (tracks.empty() || tracks.size() > kMaxTracks) fail("tracks of a fragment", AVERROR(EINVAL));
  AVFormatContext* context = nullptr;
  check(avformat_alloc_output_context2(&context, nullptr, "mp4", nullptr), kWhat);
  context_.reset(context);
  context_->pb = output_.io();
  context_->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
  // Times stay as they are: a piece says where it belongs.
  context_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
  for (const auto& track : tracks) {
    if (track.extradata.empty()) fail("a track of a fragment without parameters", AVERROR(EINVAL));
    add_track(*context_, track);
  }
  Dictionary options;
  // skip_trailer: an index of all pieces would grow in memory for as long as the stream lasts.
  options.set("movflags", "+frag_custom+empty_moov+default_base_moof+cmaf+skip_trailer");
  options.set("use_editlist", std::int64_t{0});
  check(avformat_write_header(context_.get(), options.get()), kWhat);
  initialisation_ = output_.take();
}

void FragmentWriter::Impl::write(const Packet& packet, std::optional<MediaTime> duration) {
  if (packet.track >= context_->nb_streams) fail("a fragment has no such track", AVERROR(EINVAL));
  if (packet.dts < MediaTime::zero()) fail("a fragment's time before zero", AVERROR(EINVAL));
  // A piece begins at its first packet's dts, and not where the durations before it add up to.
  if (is_empty_) check(av_opt_set(context_->priv_data, "movflags", "+frag_discont", 0), kWhat);
  const auto time_base = context_->streams[packet.track]->time_base;
  const auto out = to_packet(packet, time_base);
  if (duration) out->duration = to_ticks(*duration, time_base);
  check(av_write_frame(context_.get(), out.get()), kWhat);
  is_empty_ = false;
}

std::vector<std::uint8_t> FragmentWriter::Impl::cut() {
  if (is_empty_) return {};
  is_empty_ = true;
  check(av_write_frame(context_.get(), nullptr), kWhat);
  return output_.take();
}

FragmentWriter::FragmentWriter(const std::vector<TrackFormat>& tracks) : impl_{std::make_unique<Impl>(tracks)} {}
FragmentWriter::FragmentWriter(FragmentWriter&&) noexcept = default;
FragmentWriter& FragmentWriter::operator=(FragmentWriter&&) noexcept = default;
FragmentWriter::~FragmentWriter() = default;
const std::vector<std::uint8_t>& FragmentWriter::initialisation() const noexcept { return impl_->initialisation(); }
void FragmentWriter::write(const Packet& packet, std::optional<MediaTime> duration) { impl_->write(packet, duration); }
std::vector<std::uint8_t> FragmentWriter::cut() { return impl_->cut(); }

}  // namespace sluice::media

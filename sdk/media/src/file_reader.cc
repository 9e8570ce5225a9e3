#include <algorithm>

#include "annex_b.h"
#include "ffmpeg.h"
#include "picture_converter.h"
#include "sluice/media/media_file.h"

namespace sluice::media {

using namespace ffmpeg;

namespace {

constexpr std::int64_t kMaxPixels = std::int64_t{kMaxPicture.width} * kMaxPicture.height;
constexpr unsigned kMaxStreams = 256;
/// Read to find out what the header does not tell.
constexpr std::int64_t kProbeBytes = 5'000'000;

/// What a packet's data must go through.
struct Track {
  std::optional<std::size_t> number;  // in FileReader::tracks(); nothing: not handled
  std::size_t length_bytes = 0;       // H264 in units with a length of that many octets; 0: nothing to do
  MediaTime offset{};                 // of the file's times to ours
  MediaTime end{};                    // of the last packet
};

AVFormatContext* open(const std::string& path) {
  quiet();
  auto* context = avformat_alloc_context();
  if (context == nullptr) throw std::bad_alloc{};
  context->max_streams = static_cast<int>(kMaxStreams);
  context->probesize = kProbeBytes;
  Dictionary options;
  // Files name other files in some formats (playlists, references): they are not to be followed.
  options.set("format_whitelist", "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3");
  options.set("protocol_whitelist", "file");
  check(avformat_open_input(&context, ("file:" + path).c_str(), nullptr, options.get()), path);  // frees it if it fails
  return context;
}

/// What only the first packets tell: FFmpeg decodes some.
void probe(AVFormatContext& context, const std::string& path) {
  std::vector<AVDictionary*> options(context.nb_streams, nullptr);
  for (auto*& of_stream : options) av_dict_set_int(&of_stream, "max_pixels", kMaxPixels, 0);
  // Streams that turn up while it reads have no options of their own.
  const auto code = avformat_find_stream_info(&context, options.data());
  for (auto*& of_stream : options) av_dict_free(&of_stream);
  check(code, path);
}

}  // namespace

class FileReader::Impl {
 public:
  explicit Impl(const std::string& path);
  [[nodiscard]] const std::vector<TrackFormat>& tracks() const noexcept { return formats_; }
  [[nodiscard]] std::optional<MediaTime> duration() const noexcept;
  [[nodiscard]] std::optional<Packet> next();

 private:
  void add(AVStream& stream);
  [[nodiscard]] Packet to_own(const AVPacket& packet, Track& track) const;

  InputPtr context_;
  PacketPtr packet_ = owned<PacketPtr>(av_packet_alloc());
  std::vector<Track> tracks_;  // by FFmpeg's index
  std::vector<TrackFormat> formats_;
};

FileReader::Impl::Impl(const std::string& path) : context_{open(path)} {
  probe(*context_, path);
  for (unsigned i = 0; i < context_->nb_streams; ++i) add(*context_->streams[i]);
  if (formats_.empty()) fail(path + ": no audio and no video that is handled", AVERROR_STREAM_NOT_FOUND);
}

void FileReader::Impl::add(AVStream& stream) {
  auto& track = tracks_.emplace_back();
  auto format = to_format(*stream.codecpar);
  const auto is_cover = (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
  if (!format || is_cover) {
    stream.discard = AVDISCARD_ALL;
    return;
  }
  const auto avcc = AvcConfiguration::parse(
      {stream.codecpar->extradata, static_cast<std::size_t>(std::max(stream.codecpar->extradata_size, 0))});
  if (format->codec == Codec::h264 && avcc) track.length_bytes = avcc->length_bytes;
  // MP3 files begin with the encoder's delay at zero; ours begin before zero by it.
  if (format->codec == Codec::mp3 && stream.start_time != AV_NOPTS_VALUE) {
    track.offset = -from_ticks(stream.start_time, stream.time_base);
  }
  for (const auto* const key : {"title", "handler_name"}) {
    const auto* const entry = av_dict_get(stream.metadata, key, nullptr, 0);
    if (entry != nullptr && format->title.empty()) format->title = entry->value;
  }
  track.number = formats_.size();
  formats_.push_back(std::move(*format));
}

std::optional<MediaTime> FileReader::Impl::duration() const noexcept {
  const auto is_guess = context_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
  if (context_->duration == AV_NOPTS_VALUE || is_guess) return std::nullopt;
  return MediaTime{context_->duration};  // in AV_TIME_BASE: microseconds
}

std::optional<Packet> FileReader::Impl::next() {
  while (av_read_frame(context_.get(), packet_.get()) >= 0) {
    const auto index = static_cast<std::size_t>(packet_->stream_index);
    std::optional<Packet> packet;
    // Streams that turn up behind the header are not handled.
    if (index < tracks_.size() && tracks_[index].number) packet = to_own(*packet_, tracks_[index]);
    av_packet_unref(packet_.get());
    if (packet) return packet;
  }
  return std::nullopt;
}

Packet FileReader::Impl::to_own(const AVPacket& packet, Track& track) const {
  const auto time_base = context_->streams[packet.stream_index]->time_base;
  const std::span data{packet.data, static_cast<std::size_t>(std::max(packet.size, 0))};
  Packet own;
  own.track = *track.number;
  own.key_frame = (packet.flags & AV_PKT_FLAG_KEY) != 0;
  if (track.length_bytes > 0) {
    own.data = to_annex_b(data, track.length_bytes);
  } else {
    own.data.assign(data.begin(), data.end());
  }
  const auto time = [&](std::int64_t ticks, MediaTime otherwise) {
    return ticks == AV_NOPTS_VALUE ? otherwise : from_ticks(ticks, time_base) + track.offset;
  };
  own.dts = time(packet.dts, time(packet.pts, track.end));
  own.pts = time(packet.pts, own.dts);
  own.duration = from_ticks(std::max(packet.duration, std::int64_t{0}), time_base);
  track.end = own.dts + own.duration;
  return own;
}

FileReader::FileReader(const std::string& path) : impl_{std::make_unique<Impl>(path)} {}
FileReader::FileReader(FileReader&&) noexcept = default;
FileReader& FileReader::operator=(FileReader&&) noexcept = default;
FileReader::~FileReader() = default;
const std::vector<TrackFormat>& FileReader::tracks() const noexcept { return impl_->tracks(); }
std::optional<MediaTime> FileReader::duration() const noexcept { return impl_->duration(); }
std::optional<Packet> FileReader::next() { return impl_->next(); }

}  // namespace sluice::media

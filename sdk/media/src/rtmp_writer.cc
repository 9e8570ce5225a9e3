#include "sluice/media/rtmp_writer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ffmpeg.h"
#include "media_log.h"
#include "scrubbed.h"

namespace sluice::media {

using namespace ffmpeg;

namespace {

constexpr std::size_t kMaxReason = 200;
constexpr AVRational kMilliseconds{1, 1'000};  // RTMP's

struct CloseIo {
  void operator()(AVIOContext* io) const noexcept { avio_close(io); }
};
using IoPtr = std::unique_ptr<AVIOContext, CloseIo>;

RtmpUrl parsed(const std::string& url) {
  auto parsed = parse_rtmp_url(url);
  if (!parsed) throw MediaError{std::string{to_text(parsed.error())}, AVERROR(EINVAL)};
  return std::move(*parsed);
}

/// What must be in no error: the key, as a whole and in its parts, and who publishes.
std::vector<std::string> secrets_of(const RtmpUrl& url) {
  std::vector<std::string> secrets{url.key, url.credentials};
  for (const auto* text : {&url.key, &url.app}) {
    const auto query = text->find('?');
    if (query == std::string::npos) continue;
    if (text == &url.key) secrets.push_back(url.key.substr(0, query));
    secrets.push_back(text->substr(query + 1));
  }
  if (const auto colon = url.credentials.find(':'); colon != std::string::npos) {
    secrets.push_back(url.credentials.substr(0, colon));
    secrets.push_back(url.credentials.substr(colon + 1));
  }
  return secrets;
}

/// Where to connect to. The application and the key are options of their own: FFmpeg says an address in its errors.
std::string address_of(const RtmpUrl& url, const std::string& resolved) {
  std::string address = url.tls ? "rtmps://" : "rtmp://";
  if (!url.credentials.empty()) address += url.credentials + '@';
  address += url.tls || resolved.empty() ? url.authority() : RtmpUrl{.host = resolved}.authority();
  return address + ':' + std::to_string(url.port) + '/';
}

/// `tcUrl` of the command `connect`, by which servers tell their hosts apart.
std::string tc_url_of(const RtmpUrl& url) {
  return std::string{url.tls ? "rtmps://" : "rtmp://"} + url.authority() + ':' + std::to_string(url.port) + '/' +
         url.app;
}

const char* words_for(int code) noexcept {
  // FFmpeg has EIO for whatever ends a connection while it waits for an answer.
  constexpr std::array kClosed{AVERROR_EOF, AVERROR(EIO), AVERROR(EPIPE), AVERROR(ECONNRESET)};
  if (std::ranges::find(kClosed, code) != kClosed.end()) return "the server closed the connection";
  if (code == AVERROR(ETIMEDOUT)) return "the server does not answer";
  return nullptr;
}

/// The first is the cause of those behind it; but what TLS says of a connection that ends says less than the next.
std::string first_that_tells(const std::vector<std::string>& errors) {
  const auto tells = [](const std::string& error) { return !error.starts_with("Error in the p"); };
  const auto found = std::ranges::find_if(errors, tells);
  return found == errors.end() ? "" : *found;
}

void add_track(AVFormatContext& context, const TrackFormat& format) {
  if (format.codec != Codec::h264 && format.codec != Codec::aac) fail("RTMP takes H264 and AAC", AVERROR(EINVAL));
  auto* const stream = avformat_new_stream(&context, nullptr);
  if (stream == nullptr) throw std::bad_alloc{};
  to_parameters(format, *stream->codecpar);
  stream->time_base = kMilliseconds;
}

}  // namespace

class RtmpWriter::Impl {
 public:
  explicit Impl(RtmpOptions options);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { break_off(); }

  void write(const Packet& packet, MediaTime begin);
  void change(std::size_t track, const TrackFormat& format);
  void finish();
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  struct Track {
    std::optional<std::vector<std::uint8_t>> new_extradata;
    std::optional<std::int64_t> last_dts;
  };

  void open(const RtmpUrl& url);
  void require_open() const;
  /// Calls FFmpeg. What it says of an error is the reason.
  template <typename Call>
  void attempt(Call call);
  [[noreturn]] void refuse(const LogCapture& log, int code);
  void break_off() noexcept;
  static int is_interrupted(void* self) noexcept;

  RtmpOptions options_;
  std::vector<std::string> secrets_;
  std::vector<Track> tracks_;
  bool broken_off_ = false;
  bool gave_up_ = false;  // `cancelled` said so
  bool ended_ = false;
  std::uint64_t bytes_ = 0;
  IoPtr io_;  // outlives the context, which uses it
  OutputPtr context_;
};

RtmpWriter::Impl::Impl(RtmpOptions options) : options_{std::move(options)}, tracks_{options_.tracks.size()} {
  quiet();
  const auto url = parsed(options_.url);
  secrets_ = secrets_of(url);
  options_.url.clear();
  if (tracks_.empty() || tracks_.size() > 2) fail("tracks for RTMP", AVERROR(EINVAL));
  AVFormatContext* context = nullptr;
  check(avformat_alloc_output_context2(&context, nullptr, "flv", nullptr), "RTMP");
  context_.reset(context);
  context_->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_FLUSH_PACKETS | AVFMT_FLAG_BITEXACT;
  for (const auto& track : options_.tracks) add_track(*context_, track);

  attempt([&] {
    open(url);
    Dictionary muxer_options;
    muxer_options.set("flvflags", "no_duration_filesize");
    return avformat_write_header(context_.get(), muxer_options.get());
  });
}

void RtmpWriter::Impl::open(const RtmpUrl& url) {
  Dictionary protocol;
  protocol.set("protocol_whitelist", url.tls ? "rtmps,tls,tcp" : "rtmp,tcp");
  protocol.set("rtmp_live", "live");
  protocol.set("rtmp_app", url.app.c_str());
  protocol.set("rtmp_playpath", url.key.c_str());
  protocol.set("rtmp_tcurl", tc_url_of(url).c_str());
  protocol.set("rw_timeout", std::chrono::duration_cast<std::chrono::microseconds>(options_.timeout).count());
  if (url.tls) protocol.set("tls_verify", std::int64_t{1});
  if (url.tls && !options_.ca_file.empty()) protocol.set("ca_file", options_.ca_file.c_str());

  const AVIOInterruptCB interrupt{is_interrupted, this};
  AVIOContext* io = nullptr;
  const auto address = address_of(url, options_.address);
  if (const auto code = avio_open2(&io, address.c_str(), AVIO_FLAG_WRITE, &interrupt, protocol.get()); code < 0) {
    fail("RTMP", code);
  }
  io_.reset(io);
  context_->pb = io;
}

int RtmpWriter::Impl::is_interrupted(void* self) noexcept {
  auto& writer = *static_cast<Impl*>(self);
  if (!writer.gave_up_ && writer.options_.cancelled) writer.gave_up_ = writer.options_.cancelled();
  return writer.gave_up_ || writer.broken_off_ ? 1 : 0;
}

template <typename Call>
void RtmpWriter::Impl::attempt(Call call) {
  const LogCapture log;
  int code = 0;
  try {
    code = call();
  } catch (const MediaError& error) {
    code = error.code();
  }
  if (io_ != nullptr && io_->error < 0) code = io_->error;
  if (code < 0) refuse(log, code);
  bytes_ = static_cast<std::uint64_t>(std::max<std::int64_t>(avio_tell(io_.get()), 0));
}

void RtmpWriter::Impl::refuse(const LogCapture& log, int code) {
  break_off();
  if (gave_up_) throw MediaError{"given up", AVERROR_EXIT};
  auto reason = scrubbed(first_that_tells(log.errors()), secrets_, kMaxReason);
  if (reason.empty() && words_for(code) != nullptr) reason = words_for(code);
  if (!reason.empty()) throw MediaError{reason, code};
  fail("RTMP", code);
}

/// Nothing is waited for any more.
void RtmpWriter::Impl::break_off() noexcept {
  ended_ = true;
  broken_off_ = true;
  const LogCapture log;
  if (context_ != nullptr) context_->pb = nullptr;
  io_.reset();
}

void RtmpWriter::Impl::require_open() const {
  if (ended_) fail("RTMP: ended already", AVERROR(EINVAL));
}

void RtmpWriter::Impl::write(const Packet& packet, MediaTime begin) {
  require_open();
  if (packet.track >= tracks_.size()) fail("RTMP: no such track", AVERROR(EINVAL));
  auto& track = tracks_[packet.track];
  const auto out = to_packet(packet, kMilliseconds);
  out->pts = to_ticks(packet.pts - begin, kMilliseconds);
  out->dts = to_ticks(packet.dts - begin, kMilliseconds);
  // Milliseconds are coarse: two packets may have become one time, which FFmpeg refuses.
  if (track.last_dts) out->dts = std::max(out->dts, *track.last_dts + 1);
  out->pts = std::max(out->pts, out->dts);
  track.last_dts = out->dts;
  if (const auto extradata = std::exchange(track.new_extradata, std::nullopt)) {
    auto* const data = av_packet_new_side_data(out.get(), AV_PKT_DATA_NEW_EXTRADATA, extradata->size());
    if (data == nullptr) throw std::bad_alloc{};
    std::ranges::copy(*extradata, data);
  }
  attempt([&] { return av_write_frame(context_.get(), out.get()); });
}

void RtmpWriter::Impl::change(std::size_t track, const TrackFormat& format) {
  require_open();
  if (track >= tracks_.size() || format.codec != options_.tracks[track].codec) fail("RTMP: a change", AVERROR(EINVAL));
  if (!format.extradata.empty()) tracks_[track].new_extradata = format.extradata;
}

void RtmpWriter::Impl::finish() {
  require_open();
  attempt([&] { return av_write_trailer(context_.get()); });
  ended_ = true;
  // Says that the stream is over; that the server may not hear it any more is no matter.
  const LogCapture log;
  context_->pb = nullptr;
  io_.reset();
}

RtmpWriter::RtmpWriter(RtmpOptions options) : impl_{std::make_unique<Impl>(std::move(options))} {}
RtmpWriter::RtmpWriter(RtmpWriter&&) noexcept = default;
RtmpWriter& RtmpWriter::operator=(RtmpWriter&&) noexcept = default;
RtmpWriter::~RtmpWriter() = default;
void RtmpWriter::write(const Packet& packet, MediaTime begin) { impl_->write(packet, begin); }
void RtmpWriter::change(std::size_t track, const TrackFormat& format) { impl_->change(track, format); }
void RtmpWriter::finish() { impl_->finish(); }
std::uint64_t RtmpWriter::bytes() const noexcept { return impl_->bytes(); }

}  // namespace sluice::media

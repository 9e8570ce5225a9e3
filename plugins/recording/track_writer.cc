#include "track_writer.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "capture_disk.h"

namespace sluice::recording {
namespace {

using namespace std::chrono_literals;

/// A sender that changes its codec, or whose frames are refused, more often is not recorded any more.
constexpr int kMaxFiles = 16;
constexpr int kMaxCodecs = 64;
/// Of one round; what is queued beyond waits for the next.
constexpr int kMaxPacketsAtOnce = 4'096;
constexpr std::size_t kMaxEarlyPoints = 32;
/// Of a file. They are written also into a journal that is long: no picture is seen rightly without.
constexpr int kMaxTurns = 1'000;
constexpr Duration kWishInterval = 1s;
/// Longer than any packet is waited for.
constexpr Duration kForever = 1h;

constexpr std::size_t kRtpHeaderBytes = 12;

/// RFC 3550 section 5.1: what is fixed of the header.
struct RtpFixedHeader {
  std::uint8_t payload_type = 0;
  std::uint32_t timestamp = 0;
};

std::optional<RtpFixedHeader> read_fixed_header(std::span<const std::uint8_t> rtp) noexcept {
  constexpr int kVersion = 2;
  if (rtp.size() < kRtpHeaderBytes || rtp[0] >> 6 != kVersion) return std::nullopt;
  return RtpFixedHeader{.payload_type = static_cast<std::uint8_t>(rtp[1] & 0x7f),
                        .timestamp = std::uint32_t{rtp[4]} << 24 | std::uint32_t{rtp[5]} << 16 |
                                     std::uint32_t{rtp[6]} << 8 | std::uint32_t{rtp[7]}};
}

/// What waits for missing packets, and with it the memory of a track, is bounded: two seconds of 2.5 Mbit/s.
media::FrameAssembler::Options assembler_options(const TrackCodec& codec, std::optional<std::uint8_t> orientation_id) {
  const bool video = media::is_video(codec.codec);
  return {.codec = codec.codec,
          .clock_rate = codec.clock_rate,
          .max_packets = video ? std::size_t{512} : std::size_t{128},
          .max_frame_bytes = video ? std::size_t{1} << 20 : std::size_t{64} << 10,
          .orientation_id = orientation_id};
}

std::string name_of(TrackNumber number, int file) {
  const std::string name = "t" + std::to_string(number);
  return file == 1 ? name : name + "-" + std::to_string(file);
}

std::string codec_name(media::Codec codec) { return std::string{to_json(codec).as_string()}; }

}  // namespace

TrackWriter::Parts::Parts(const TrackCodec& its_codec, std::optional<std::uint8_t> orientation_id)
    : codec{its_codec}, assembler{assembler_options(its_codec, orientation_id)}, watch{its_codec.clock_rate} {}

TrackWriter::TrackWriter(TrackToWrite track) : track_(std::move(track)) {}

Instant TrackWriter::drain(Instant now, SessionFiles& files) {
  newest_ = std::max(newest_, now);
  for (int i = 0; i < kMaxPacketsAtOnce; ++i) {
    const std::optional<TappedPacket> packet = track_.reader->next();
    if (!packet) break;
    newest_ = std::max(newest_, packet->arrival);
    take(*packet, files);
    write_frames(packet->arrival, files);
  }
  write_frames(newest_, files);
  return newest_;
}

void TrackWriter::take(const TappedPacket& packet, SessionFiles& files) {
  const auto header = read_fixed_header(packet.rtp);
  if (!header) return;
  const auto codec = track_.codecs.find(header->payload_type);
  if (codec == track_.codecs.end()) {
    if (!parts_) return;
    // Comfort noise, telephone events: its number is not missing, its content is not wanted.
    std::array<std::uint8_t, kRtpHeaderBytes> number_only{};
    std::copy_n(packet.rtp.begin(), kRtpHeaderBytes, number_only.begin());
    number_only[0] = 2 << 6;
    return parts_->assembler.insert(number_only, packet.arrival);
  }
  if (!parts_ || parts_->codec != codec->second) {
    if (parts_) end_parts(packet.arrival, files.clock.us(packet.arrival), files);
    if (codecs_seen_ == kMaxCodecs) return;
    ++codecs_seen_;
    parts_ = std::make_unique<Parts>(codec->second, track_.orientation_id);
  }
  parts_->packets_came = true;
  parts_->assembler.insert(packet.rtp, packet.arrival);
  take_clock(*parts_, packet, files);
}

void TrackWriter::take_clock(Parts& parts, const TappedPacket& packet, SessionFiles& files) {
  const auto unwrap = [&](std::uint32_t timestamp) { return parts.assembler.unwrap(timestamp); };
  std::optional<media::ClockWatch::Report> report;
  if (packet.clock) report = {.timestamp = unwrap(packet.clock->rtp.value()), .ntp = packet.clock->ntp};
  const auto point = parts.watch.on_packet(unwrap(read_fixed_header(packet.rtp)->timestamp),
                                           files.clock.time_of(packet.arrival), report);
  if (!point) return;
  if (!parts.name.empty()) return note(parts, *point, files);
  if (parts.early.size() == kMaxEarlyPoints) parts.early.erase(parts.early.begin());
  parts.early.push_back(*point);
}

void TrackWriter::note(const Parts& parts, const media::ClockPoint& point, SessionFiles& files) const {
  if (files.journal.bytes() > JournalWriter::kManyBytes) return;
  ClockSeen seen{.track = parts.name, .timestamp = point.timestamp, .arrival_us = point.arrival.count()};
  if (point.ntp) seen.ntp = std::to_string(*point.ntp);
  files.journal.append(seen);
}

void TrackWriter::write_frames(Instant now, SessionFiles& files) {
  if (!parts_) return;
  while (auto frame = parts_->assembler.next(now)) write(std::move(*frame), now, files);
}

void TrackWriter::write(media::RtpFrame&& frame, Instant now, SessionFiles& files) {
  try {
    if (!parts_->file) begin_file(frame, files);
    if (!parts_->file) return;
    note_turn(frame, files);
    parts_->file->write(std::move(frame), now);
  } catch (const media::MediaError& error) {
    if (disk_refusal(error, files.folder)) throw;
    end_file(files.clock.us(frame.arrival), files);
  }
}

void TrackWriter::begin_file(const media::RtpFrame& key_frame, SessionFiles& files) {
  if (!key_frame.key_frame || files_begun_ == kMaxFiles) return;
  const auto format = media::format_of(parts_->codec.codec, key_frame.data);
  if (!format) return;
  const std::string name = name_of(track_.number, ++files_begun_);
  const std::string file = name + ".mkv";
  const std::int64_t at_us = files.clock.us(key_frame.arrival);
  parts_->file =
      std::make_unique<CaptureFile>(files.folder + "/" + file, *format, parts_->codec.clock_rate, key_frame.timestamp);
  files.journal.append(TrackBegan{.at_us = at_us,
                                  .track = name,
                                  .file = file,
                                  .participant = track_.participant,
                                  .kind = track_.kind,
                                  .source = track_.source,
                                  .codec = codec_name(parts_->codec.codec),
                                  .clock_rate = parts_->codec.clock_rate,
                                  .first_timestamp = key_frame.timestamp});
  parts_->name = name;
  parts_->turn = media::Turn::none;
  parts_->turns_noted = 0;
  if (track_.paused) files.journal.append(TrackPaused{.at_us = at_us, .track = name, .paused = true});
  for (const media::ClockPoint& point : std::exchange(parts_->early, {})) note(*parts_, point, files);
}

void TrackWriter::note_turn(const media::RtpFrame& frame, SessionFiles& files) {
  const media::Turn turn = frame.turn.value_or(media::Turn::none);
  if (turn == parts_->turn || parts_->turns_noted == kMaxTurns) return;
  parts_->turn = turn;
  ++parts_->turns_noted;
  files.journal.append(PictureTurned{.at_us = files.clock.us(frame.arrival),
                                     .track = parts_->name,
                                     .timestamp = frame.timestamp,
                                     .degrees = media::degrees_of(turn)});
}

void TrackWriter::end_file(std::int64_t at_us, SessionFiles& files) {
  if (const auto file = std::exchange(parts_->file, nullptr)) {
    std::exception_ptr refused;
    try {
      file->finish();
    } catch (const media::MediaError& error) {
      // What is not the disk's doing leaves the file as it was flushed.
      if (disk_refusal(error, files.folder)) refused = std::current_exception();
    }
    bytes_before_ += file->bytes();
    if (refused) std::rethrow_exception(refused);
  }
  if (parts_->name.empty()) return;
  files.journal.append(TrackEnd{.at_us = at_us, .track = std::exchange(parts_->name, {})});
}

void TrackWriter::end_parts(Instant now, std::int64_t at_us, SessionFiles& files) {
  write_frames(now + kForever, files);
  lost_frames_before_ = lost_frames();
  end_file(at_us, files);
  parts_.reset();
}

void TrackWriter::set_paused(bool paused, std::int64_t at_us, SessionFiles& files) {
  if (std::exchange(track_.paused, paused) == paused || !parts_ || parts_->name.empty()) return;
  files.journal.append(TrackPaused{.at_us = at_us, .track = parts_->name, .paused = paused});
}

bool TrackWriter::take_key_frame_wish(Instant now) {
  if (!parts_ || !media::is_video(parts_->codec.codec)) return false;
  const bool wished = parts_->assembler.take_key_frame_wish(now);
  // A file begins with a key frame, too, and with one that says what its header has to.
  const bool lacking = parts_->packets_came && !parts_->file && files_begun_ < kMaxFiles;
  if (!wished && !lacking) return false;
  if (last_wish_ && now - *last_wish_ < kWishInterval) return false;
  last_wish_ = now;
  return true;
}

void TrackWriter::flush_if_due(Instant now) {
  if (parts_ && parts_->file) parts_->file->flush_if_due(now);
}

void TrackWriter::sync() {
  if (parts_ && parts_->file) parts_->file->sync();
}

void TrackWriter::finish(std::int64_t at_us, SessionFiles& files) {
  if (parts_) end_parts(newest_, at_us, files);
}

void TrackWriter::abandon(std::int64_t at_us, SessionFiles& files) noexcept {
  bytes_before_ = bytes();
  lost_frames_before_ = lost_frames();
  if (const auto parts = std::exchange(parts_, nullptr); parts && !parts->name.empty()) {
    try {
      files.journal.append(TrackEnd{.at_us = at_us, .track = parts->name});
    } catch (const std::exception&) {
      // Read as that of a gateway that was killed.
    }
  }
}

std::uint64_t TrackWriter::bytes() const noexcept {
  return bytes_before_ + (parts_ && parts_->file ? parts_->file->bytes() : 0);
}

std::uint64_t TrackWriter::lost_frames() const noexcept {
  if (!parts_) return lost_frames_before_;
  const media::FrameAssembler::Counters& counters = parts_->assembler.counters();
  // A packet of audio is a frame.
  const bool video = media::is_video(parts_->codec.codec);
  return lost_frames_before_ + (video ? counters.frames_dropped : counters.lost);
}

}  // namespace sluice::recording

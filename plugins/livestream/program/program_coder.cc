#include "program/program_coder.h"

#include <utility>

namespace sluice::livestream {

namespace {

/// Key frames are asked for by the grid of segments, never by the encoder's own.
constexpr MediaTime kNever = std::chrono::hours{24 * 365};

media::VideoEncoderOptions video_options(const ProgramOrder& order) {
  return {.encoder = order.encoder,
          .size = {order.width, order.height},
          .frames_per_second = order.frames_per_second,
          .bitrate = DataRate::kbps(order.video_kbps),
          .preset = order.preset,
          .key_frame_interval = kNever,
          .low_delay = true,
          .threads = order.threads,
          .device = order.encoder_device};
}

bool is_same(const media::TrackFormat& a, const media::TrackFormat& b) {
  return a.size == b.size && a.extradata == b.extradata;
}

}  // namespace

ProgramCoder::ProgramCoder(const ProgramOrder& order, Output& output)
    : order_{order},
      output_{output},
      asked_{std::chrono::milliseconds{order.segment_ms}},
      begun_{std::chrono::milliseconds{order.segment_ms}},
      audio_{{.codec = media::Codec::aac, .bitrate = DataRate::kbps(order.audio_kbps)}},
      last_step_{MediaTime{std::chrono::seconds{1}} / order.frames_per_second} {
  begin_composing();
}

void ProgramCoder::begin_composing() {
  video_.emplace(video_options(order_));
  format_ = std::make_shared<const ProgramFormat>(ProgramFormat{.video = video_->format(), .audio = audio_.format()});
  new_format_ = true;
}

void ProgramCoder::end_composing() {
  put_composed(video_->finish());
  video_.reset();
}

void ProgramCoder::code(ProgramMoment&& moment) {
  for (PassedFrame& frame : moment.passed) pass(std::move(frame));
  if (moment.picture) code_picture(moment);
  code_sound(moment.sound);
}

void ProgramCoder::code_picture(const ProgramMoment& moment) {
  const bool begins = !video_;
  if (begins) begin_composing();
  const MediaTime at = moment.picture.pts;
  const bool due = asked_.is_due(at);
  if (due) asked_.begin(at);
  put_composed(video_->encode(moment.picture, begins || due || moment.key_frame));
}

void ProgramCoder::pass(PassedFrame&& frame) {
  if (frame.format && (video_ || !is_same(*frame.format, format_->video))) {
    if (video_) end_composing();
    format_ = std::make_shared<const ProgramFormat>(ProgramFormat{.video = *frame.format, .audio = audio_.format()});
    new_format_ = true;
  }
  if (video_) return;  // nothing can be passed on before a key frame
  asked_.begin(frame.pts);
  put_video({.data = std::move(frame.data), .pts = frame.pts, .dts = frame.pts, .key_frame = frame.key_frame});
}

void ProgramCoder::put_composed(std::vector<media::Packet>&& packets) {
  for (media::Packet& packet : packets) put_video(std::move(packet));
}

void ProgramCoder::put_video(media::Packet&& packet) {
  if (last_picture_ && packet.dts <= *last_picture_) return;
  if (last_picture_) last_step_ = packet.dts - *last_picture_;
  last_picture_ = packet.dts;
  if (packet.duration <= MediaTime::zero()) packet.duration = last_step_;
  packet.track = kVideoTrack;
  const bool begins = packet.key_frame && (new_format_ || begun_.is_due(packet.pts));
  if (begins) {
    begun_.begin(packet.pts);
    new_format_ = false;
  }
  output_.put(std::make_shared<const ProgramPacket>(
      ProgramPacket{.packet = std::move(packet), .format = format_, .segment_start = begins}));
}

void ProgramCoder::code_sound(const media::AudioBlock& sound) { put_sound(audio_.encode(sound)); }

void ProgramCoder::put_sound(std::vector<media::Packet>&& packets) {
  for (media::Packet& packet : packets) {
    if (packet.pts < MediaTime::zero()) continue;  // what an encoder puts in front: silence before the beginning
    packet.track = kAudioTrack;
    output_.put(std::make_shared<const ProgramPacket>(ProgramPacket{.packet = std::move(packet), .format = format_}));
  }
}

void ProgramCoder::finish() {
  if (video_) put_composed(video_->finish());
  put_sound(audio_.finish());
}

}  // namespace sluice::livestream

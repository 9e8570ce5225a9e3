#include "production_writer.h"

#include <exception>
#include <iostream>
#include <thread>
#include <utility>
#include <variant>

#include "production_handover.h"

namespace sluice::recording {

namespace {

/// Pictures and blocks of sound, one of each per tick: some 20 MB at 1080p.
constexpr std::size_t kMaxWaiting = 12;
constexpr std::size_t kVideo = 0;

/// A recording is not lost for want of a graphics card.
media::VideoEncoder make_encoder(media::VideoEncoderOptions options) {
  try {
    return media::VideoEncoder{options};
  } catch (const media::MediaError& error) {
    if (options.encoder == "libx264") throw;
    std::cerr << options.encoder << " cannot be used, libx264 takes its place: " << error.what() << '\n';
  }
  options.encoder = "libx264";
  options.device.clear();
  return media::VideoEncoder{options};
}

}  // namespace

class ProductWriter::Impl {
 public:
  explicit Impl(const ProductFileOptions& options);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();

  using Item = std::variant<media::VideoFrame, media::AudioBlock, media::Packet>;
  void put(Item item);
  void finish();

 private:
  void run() noexcept;
  void take(const media::VideoFrame& picture) { write(encoder_->encode(picture), kVideo); }
  void take(const media::AudioBlock& sound) { write(sound_->encode(sound), sound_track_); }
  void take(media::Packet video);
  void write(std::vector<media::Packet> packets, std::size_t track);
  void end();
  void throw_failure();

  std::optional<media::VideoEncoder> encoder_;
  std::optional<media::AudioEncoder> sound_;
  std::size_t sound_track_ = 0;
  std::optional<media::FileWriter> file_;
  BoundedQueue<Item> queue_{kMaxWaiting};
  std::exception_ptr failure_;  // of the thread; read once the queue is closed and the thread has ended
  bool finished_ = false;
  std::jthread thread_;  // last: uses the others
};

ProductWriter::Impl::Impl(const ProductFileOptions& options) {
  media::FileOptions file{
      .container = options.plan.container, .tracks = {}, .metadata = options.metadata, .chapters = options.chapters};
  if (options.copied_video) {
    file.tracks.push_back(*options.copied_video);
  } else if (options.plan.has_picture) {
    encoder_.emplace(make_encoder(options.plan.video));
    file.tracks.push_back(encoder_->format());
  }
  if (options.plan.has_sound) {
    sound_.emplace(options.plan.audio);
    sound_track_ = file.tracks.size();
    file.tracks.push_back(sound_->format());
  }
  file_.emplace(options.path, file);
  thread_ = std::jthread{[this] { run(); }};
}

ProductWriter::Impl::~Impl() { queue_.abandon(); }

void ProductWriter::Impl::put(Item item) {
  if (!queue_.push(std::move(item))) throw_failure();
}

void ProductWriter::Impl::finish() {
  finished_ = true;
  queue_.close();
  throw_failure();
}

void ProductWriter::Impl::throw_failure() {
  if (thread_.joinable()) thread_.join();
  if (failure_) std::rethrow_exception(failure_);
}

void ProductWriter::Impl::run() noexcept {
  try {
    Item item;
    while (queue_.pop(item)) {
      std::visit([this](auto& one) { take(std::move(one)); }, item);
    }
    if (finished_) end();
  } catch (...) {
    failure_ = std::current_exception();
    queue_.abandon();
  }
}

void ProductWriter::Impl::take(media::Packet video) {
  video.track = kVideo;
  file_->write(video);
}

void ProductWriter::Impl::write(std::vector<media::Packet> packets, std::size_t track) {
  for (media::Packet& packet : packets) {
    packet.track = track;
    file_->write(packet);
  }
}

void ProductWriter::Impl::end() {
  if (encoder_) write(encoder_->finish(), kVideo);
  if (sound_) write(sound_->finish(), sound_track_);
  file_->finish();
}

ProductWriter::ProductWriter(const ProductFileOptions& options) : impl_{std::make_unique<Impl>(options)} {}
ProductWriter::~ProductWriter() = default;
void ProductWriter::put(media::VideoFrame picture) { impl_->put(std::move(picture)); }
void ProductWriter::put(media::AudioBlock sound) { impl_->put(std::move(sound)); }
void ProductWriter::put(media::Packet video) { impl_->put(std::move(video)); }
void ProductWriter::finish() { impl_->finish(); }

}  // namespace sluice::recording

#include "program/program_job.h"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <thread>

namespace sluice::livestream {

namespace {

using namespace std::chrono_literals;

/// The room's scene is told at once; where nothing comes for so long, nobody is there.
constexpr Duration kFirstRecord = 200ms;
/// Between two ticks; those of a room of cameras are fewer.
constexpr int kMaxRecords = 64;
/// Of pictures that wait to be coded. It takes up what a busy machine does to this process's turns.
constexpr int kQueuedPartOfSecond = 4;
constexpr std::size_t kLeastQueued = 4;

void require(bool holds, const char* field) {
  if (!holds) throw Error{ErrorCode::invalid_payload, std::string{"the program's order: "} + field, {{"path", field}}};
}

const ProgramOrder& checked(const ProgramOrder& order) {
  const auto within = [](int value, int least, int most) { return value >= least && value <= most; };
  require(within(order.width, 16, 7'680) && order.width % 2 == 0, "width");
  require(within(order.height, 16, 7'680) && order.height % 2 == 0, "height");
  require(within(order.frames_per_second, 1, 120), "framesPerSecond");
  require(within(order.video_kbps, 1, 200'000), "videoKbps");
  require(within(order.audio_kbps, 8, 1'000), "audioKbps");
  require(within(order.threads, 0, 1'024), "threads");
  require(within(order.segment_ms, 100, 60'000), "segmentMs");
  require(within(order.part_ms, 20, order.segment_ms), "partMs");
  require(within(order.delay_ms, 0, 5'000), "delayMs");
  return order;
}

std::size_t queued_pictures(const ProgramOrder& order) {
  return std::max(kLeastQueued, static_cast<std::size_t>(order.frames_per_second / kQueuedPartOfSecond));
}

/// The thread of commands waits for the gateway and cannot be called off: it ends with the process.
[[noreturn]] void give_up(const std::string& problem) {
  std::cerr << problem << std::endl;
  std::_Exit(EXIT_FAILURE);
}

}  // namespace

void ProgramJob::Inbox::push(json::object command) {
  const std::lock_guard lock{mutex_};
  if (commands_.size() < kMax) commands_.push_back(std::move(command));
}

std::vector<json::object> ProgramJob::Inbox::take() {
  const std::lock_guard lock{mutex_};
  return std::exchange(commands_, {});
}

ProgramJob::ProgramJob(JobContext& context, const ProgramOrder& order)
    : context_{context},
      order_{checked(order)},
      coding_{context, order_},
      compositor_{make_compositor(order_)},
      queue_{queued_pictures(order_)} {}

int ProgramJob::run() {
  std::thread coder{[this] { coding_.run(queue_); }};
  std::thread commands{[this] {
    while (auto command = context_.next_message()) inbox_.push(std::move(*command));
  }};
  std::string problem;
  try {
    make_moments();
  } catch (const std::exception& error) {
    problem = error.what();
  }
  queue_.close();
  coder.join();
  if (problem.empty()) problem = coding_.problem();
  if (!problem.empty()) give_up(problem);
  commands.join();
  return EXIT_SUCCESS;
}

void ProgramJob::make_moments() {
  begin();
  while (!context_.stop_requested() && !queue_.closed()) {
    take_commands();
    take_records(program_->next_tick());
    make_moment();
    send_wishes();
  }
}

void ProgramJob::begin() {
  const auto record = context_.next_record(context_.now() + kFirstRecord);
  const Instant now = context_.now();
  program_.emplace(order_, std::move(compositor_), now);
  if (record) program_->take(*record, now);
}

void ProgramJob::take_records(Instant until) {
  for (int i = 0; i < kMaxRecords; ++i) {
    const auto record = context_.next_record(until);
    if (!record) return;
    program_->take(*record, context_.now());
  }
}

void ProgramJob::take_commands() {
  for (const json::object& command : inbox_.take()) {
    try {
      take_command(command);
    } catch (const Error& error) {
      std::cerr << "a command cannot be read: " << error.what() << std::endl;
    }
  }
}

void ProgramJob::take_command(const json::object& command) {
  if (const auto* target = command.if_contains("target")) {
    queue_.push(from_json<AddTarget>(*target));
  } else if (const auto* removed = command.if_contains("removeTarget")) {
    queue_.push(from_json<RemoveTarget>(*removed));
  } else if (const auto* layout = command.if_contains("layout")) {
    program_->set_layout(from_json<SetLayout>(*layout).layout);
  }
}

void ProgramJob::make_moment() {
  if (coding_.take_key_frame_wish()) program_->request_key_frame();
  auto moment = program_->tick(context_.now());
  if (!moment) return;
  const bool key_frame = moment->key_frame;
  if (queue_.push(std::move(*moment))) return;
  program_->note_dropped_picture();
  if (key_frame) program_->request_key_frame();
}

void ProgramJob::send_wishes() {
  for (const TrackNumber track : program_->take_key_frame_wishes()) {
    context_.send({{"keyFrame", to_json(KeyFrameWanted{.track = track})}});
  }
}

int run_program(JobContext& context) {
  ProgramJob job{context, from_json<ProgramOrder>(json::value(context.arguments()))};
  return job.run();
}

}  // namespace sluice::livestream

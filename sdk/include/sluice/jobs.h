#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sluice/function.h"
#include "sluice/json.h"
#include "sluice/time.h"

/// Work of a plugin in a process of its own: what would take a core for minutes (encoding), or may crash on what it is
/// given (decoding). The gateway starts itself again with this plugin's library and nothing else of it: no
/// configuration, no ports, no other plugin. Parent and child talk in lines of JSON; what is too much for those (media)
/// goes to the child as records.
namespace sluice {

struct JobOptions {
  std::string name;                ///< one of the plugin's SLUICE_JOBS
  json::object arguments;          ///< what the job is to do; at most 1 MB as JSON
  int nice = 10;                   ///< 0 to 19: how much everything else goes first (setpriority(2))
  std::optional<unsigned> cpus{};  ///< that it may use at most; missing: all
  bool records = false;            ///< whether it is sent records: Job::records()
};

/// How a job ended.
struct JobEnd {
  int exit_status = 0;  ///< what its function returned; -1: ended by a signal
  int signal = 0;
  std::string error;  ///< for people: the last lines of what it wrote to standard error; empty where it ended well
  [[nodiscard]] bool ok() const noexcept { return exit_status == 0 && signal == 0; }
};

/// The way of records to a job: bytes, whole and in order. Never waits.
/// @note One thread at a time, any. Outlives the Job, whose end closes it.
class JobRecords {
 public:
  /// Of one record. Fewer and larger ones cost less.
  static constexpr std::size_t kMaxBytes = std::size_t{32} << 10;

  virtual ~JobRecords() = default;
  enum class Write : std::uint8_t {
    done,
    full,   ///< the job is behind (some hundred kB wait for it): nothing was written, try again later
    closed  ///< it has ended
  };
  /// Throws Error{limit_exceeded} where the record is too long, Error{invalid_payload} where it is empty.
  virtual Write write(std::span<const std::uint8_t> record) = 0;
};

/// A running job. Destroying it kills the process (SIGKILL), and nothing is called any more. The process does not
/// outlive the gateway either.
class Job {
 public:
  virtual ~Job() = default;
  /// Of the process.
  [[nodiscard]] virtual int pid() const noexcept = 0;
  /// To the job's JobContext::next_message. At most 1,024 wait, one more throws Error{limit_exceeded}, and so does a
  /// message of more than 64 kB; what a job that has ended, or was asked to, is told is dropped.
  virtual void send(json::object message) = 0;
  /// Where JobOptions::records asked for it; else nullptr. Shared with the thread that writes.
  [[nodiscard]] virtual std::shared_ptr<JobRecords> records() = 0;
  /// Asks it to end (JobContext::stop_requested, and next_message gives nothing any more).
  virtual void stop() = 0;
};

/// @note Control thread only; callbacks run there too, and not after the plugin has stopped.
class Jobs {
 public:
  using OnMessage = Function<void(json::object)>;
  using OnEnd = Function<void(const JobEnd&)>;

  virtual ~Jobs() = default;
  /// `on_message` gets what the job sends, at most 64 kB each, in order; `on_end` is called once, last.
  /// Throws Error{not_found} where the plugin has no such job, Error{limit_exceeded} where 64 of its jobs run already
  /// or the arguments are too long, Error{internal} where no process can be started.
  [[nodiscard]] virtual std::unique_ptr<Job> start(JobOptions options, OnMessage on_message, OnEnd on_end) = 0;
};

/// What a job sees, in its own process.
class JobContext {
 public:
  virtual ~JobContext() = default;
  [[nodiscard]] virtual const json::object& arguments() const noexcept = 0;
  /// To the plugin's `on_message`; waits while the gateway is behind. Any thread. Throws Error{limit_exceeded} where it
  /// has more than 64 kB.
  virtual void send(const json::object& message) = 0;
  /// What the plugin has sent, in order; waits for it. Nothing: the job is asked to end.
  [[nodiscard]] virtual std::optional<json::object> next_message() = 0;
  /// Any thread.
  [[nodiscard]] virtual bool stop_requested() const noexcept = 0;
  /// The next record, waited for until then. Nothing: none came, or none comes any more (stop_requested). Its bytes are
  /// valid until the next call. One thread at a time, any: it may be another than the one in next_message.
  [[nodiscard]] virtual std::optional<std::span<const std::uint8_t>> next_record(Instant until) = 0;
  /// The gateway's clock: that of a TappedPacket's arrival. Any thread.
  [[nodiscard]] virtual Instant now() const noexcept = 0;
};

/// One job of a plugin's library. `run` is called on the main thread of a process of its own; what it throws becomes
/// JobEnd::error with exit status 1.
struct JobEntry {
  const char* name;
  int (*run)(JobContext& context);
};
struct JobList {
  const JobEntry* entries;
  std::size_t count;
};

}  // namespace sluice

/// The jobs of this library: SLUICE_JOBS({"produce", &produce}, {"probe", &probe}). Beside SLUICE_PLUGIN, in one file.
#define SLUICE_JOBS(...)                                                 \
  static constexpr ::sluice::JobEntry sluice_job_entries[]{__VA_ARGS__}; \
  extern "C" BOOST_SYMBOL_EXPORT const ::sluice::JobList sluice_jobs;    \
  const ::sluice::JobList sluice_jobs{sluice_job_entries, std::size(sluice_job_entries)};

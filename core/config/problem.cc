#include "core/config/problem.h"

namespace sluice::config {
namespace {

constexpr std::size_t kMaxQuotedBytes = 64;

}  // namespace

std::string ConfigProblem::to_string() const {
  std::string out = file;
  if (line > 0) out += ":" + std::to_string(line) + ":" + std::to_string(column);
  return out + ": " + text;
}

void ConfigProblems::add(const Position& at, std::string text) {
  keep({at.file != nullptr ? *at.file : std::string{}, at.line, at.column, std::move(text)});
}

void ConfigProblems::add_file(const std::string& file, std::string text) { keep({file, 0, 0, std::move(text)}); }

void ConfigProblems::append(const ConfigProblems& other) {
  for (const auto& problem : other.kept_) keep(problem);
  count_ += other.count_ - other.kept_.size();
}

void ConfigProblems::keep(ConfigProblem problem) {
  ++count_;
  if (!full()) kept_.push_back(std::move(problem));
}

std::string ConfigProblems::to_string() const {
  std::string out;
  for (const auto& problem : kept_) out += (out.empty() ? "" : "\n") + problem.to_string();
  if (count_ > kept_.size()) out += "\nand " + std::to_string(count_ - kept_.size()) + " more";
  return out;
}

std::string printable(std::string_view text) {
  std::string out{text.substr(0, kMaxQuotedBytes)};
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  if (text.size() > kMaxQuotedBytes) out += "...";
  return out;
}

std::string in_quotes(std::string_view text) { return "'" + printable(text) + "'"; }

}  // namespace sluice::config

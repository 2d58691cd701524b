// A text of nothing but Windows events as XML.

#include <utility>

#include "ingest/winlog/utf8_text.h"
#include "ingest/winlog/winlog.h"
#include "ingest/winlog/xml_scanner.h"

namespace spoor::winlog {
namespace {

class XmlReader final : public TextReader {
 public:
  XmlReader(std::string file, OnRecord on_record, OnProblem on_problem, TextLimits limits)
      : scanner_(std::move(file), std::move(on_record), std::move(on_problem), limits) {}

  void feed(std::string_view piece) override {
    // Piece by piece, so that memory stays that of one event whatever the caller hands over.
    constexpr std::size_t kStep = 64u << 10;
    for (; !piece.empty(); piece.remove_prefix(std::min(kStep, piece.size()))) {
      text_.append(utf8_, piece.substr(0, kStep));
      pass_on();
    }
  }

  ReadStats finish() override {
    text_.finish(utf8_);
    pass_on();
    scanner_.finish();
    return scanner_.stats();
  }

 private:
  void pass_on() {
    if (utf8_.empty()) {
      return;
    }
    if (!is_started_) {
      is_started_ = true;
      scanner_.start_at(text_.mark_bytes());
    }
    scanner_.feed(utf8_);
    utf8_.clear();
  }

  Utf8Text text_;
  std::string utf8_;
  XmlScanner scanner_;
  bool is_started_ = false;
};

}  // namespace

std::unique_ptr<TextReader> make_xml_reader(std::string file, OnRecord on_record,
                                            OnProblem on_problem, TextLimits limits) {
  return std::make_unique<XmlReader>(std::move(file), std::move(on_record), std::move(on_problem),
                                     limits);
}

}  // namespace spoor::winlog

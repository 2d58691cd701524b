// Each form of one invented event: what the record then is.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/winlog/text_for_test.h"
#include "json/writer.h"

namespace spoor::winlog {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Told;
using testing::told_by;

/// One event with the header that all of these tests use.
constexpr std::string_view kXml =
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
    "<Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'/>"
    "<EventID>1</EventID><Version>5</Version><Level>4</Level><Task>1</Task><Opcode>0</Opcode>"
    "<Keywords>0x8000000000000000</Keywords>"
    "<TimeCreated SystemTime='2026-03-01T10:00:00.123456700Z'/><EventRecordID>77</EventRecordID>"
    "<Correlation/><Execution ProcessID='2000' ThreadID='2001'/>"
    "<Channel>Microsoft-Windows-Sysmon/Operational</Channel>"
    "<Computer>ws01.corp.example</Computer><Security UserID='S-1-5-18'/></System><EventData>"
    "<Data Name='UtcTime'>2026-03-01 10:00:00.100</Data>"
    "<Data Name='ProcessGuid'>{0B1C2D3E-0000-1111-2222-333344445555}</Data>"
    "<Data Name='ProcessId'>4242</Data><Data Name='Image'>C:\\Tools\\probe.exe</Data>"
    "<Data Name='LogonId'>0x3e7</Data></EventData></Event>";

constexpr std::string_view kData =
    R"({"UtcTime":"2026-03-01 10:00:00.100","ProcessGuid":"{0B1C2D3E-0000-1111-2222-333344445555}",)"
    R"("ProcessId":4242,"Image":"C:\\Tools\\probe.exe","LogonId":"0x3e7"})";

/// Header values that every form of it has.
auto is_the_event() {
  return AllOf(HasSubstr(R"("record_id":77)"), HasSubstr(R"("event_id":1,)"),
               HasSubstr(R"("channel":"Microsoft-Windows-Sysmon/Operational")"),
               HasSubstr(R"("provider":"Microsoft-Windows-Sysmon")"),
               HasSubstr(R"("computer":"ws01.corp.example")"),
               HasSubstr(R"("time":"2026-03-01T10:00:00.)"));
}

void expect_the_event(std::string_view text, std::string_view data = kData) {
  const Told xml = told_by(kXml);
  const Told told = told_by(text);
  EXPECT_THAT(told.problems, IsEmpty()) << text;
  ASSERT_EQ(told.records.size(), 1u) << text;
  EXPECT_THAT(told.records[0], is_the_event());
  EXPECT_EQ(told.data[0], data);
  EXPECT_EQ(told.ids, xml.ids) << "one record, however it is handed over";
}

constexpr std::string_view kEvtxDump = R"({
  "Event": {
    "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
    "System": {
      "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon", "Guid": "5770385F-C22A-43E0-BF4C-06F5698FFBD9"}},
      "EventID": 1, "Version": 5, "Level": 4, "Task": 1, "Opcode": 0,
      "Keywords": "0x8000000000000000",
      "TimeCreated": {"#attributes": {"SystemTime": "2026-03-01T10:00:00.123456Z"}},
      "EventRecordID": 77, "Correlation": null,
      "Execution": {"#attributes": {"ProcessID": 2000, "ThreadID": 2001}},
      "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "ws01.corp.example",
      "Security": {"#attributes": {"UserID": "S-1-5-18"}}
    },
    "EventData": {
      "UtcTime": "2026-03-01 10:00:00.100",
      "ProcessGuid": "0B1C2D3E-0000-1111-2222-333344445555",
      "ProcessId": 4242, "Image": "C:\\Tools\\probe.exe", "LogonId": "0x3e7"
    }
  }
})";

TEST(Forms, Xml) { expect_the_event(kXml); }

TEST(Forms, EvtxDumpInManyLinesWithRecordMarks) {
  expect_the_event("Record 77\n" + std::string(kEvtxDump) + "\n");
  const Told two = told_by("Record 77\n" + std::string(kEvtxDump) + "\nRecord 78\n" +
                           std::string(kEvtxDump) + "\n");
  EXPECT_EQ(two.records.size(), 2u);
  EXPECT_THAT(two.problems, IsEmpty());
}

TEST(Forms, EvtxDumpHeaderIsThatOfTheLog) {
  EXPECT_THAT(told_by(kEvtxDump).records[0],
              AllOf(HasSubstr(R"("process_id":2000,"thread_id":2001,"user_sid":"S-1-5-18")"),
                    HasSubstr(R"("keywords":"0x8000000000000000")")));
}

TEST(Forms, UserDataAndUnnamedDataOfEvtxDump) {
  const std::string head =
      R"({"Event":{"System":{"Provider":{"#attributes":{"Name":"P"}},"EventID":{"#attributes":)"
      R"({"Qualifiers":16384},"#text":7036},"TimeCreated":{"#attributes":{"SystemTime":)"
      R"("2026-03-01T10:00:00Z"}},"Channel":"System","Computer":"ws01"},)";
  const Told unnamed = told_by(head + R"("EventData":{"Data":{"#text":["one","2"]}}}})");
  EXPECT_THAT(unnamed.data, ElementsAre(R"({"Data":["one",2]})"));
  EXPECT_THAT(unnamed.records[0], HasSubstr(R"("event_id":7036)"));
  const Told user = told_by(
      head + R"("UserData":{"LogFileCleared":{"#attributes":{"xmlns":"x"},"SubjectUserName":"ann",)"
             R"("Inner":{"Deep":1}}}}})");
  EXPECT_THAT(user.data, ElementsAre(R"({"SubjectUserName":"ann","Inner.Deep":1})"));
}

TEST(Forms, WinlogbeatNestedAndDotted) {
  expect_the_event(
      R"({"@timestamp":"2026-03-01T10:00:00.123Z","event":{"code":"1","provider":"Microsoft-Windows-Sysmon"},)"
      R"("host":{"name":"collector"},"message":"Process Create:","agent":{"type":"winlogbeat"},)"
      R"("winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon",)"
      R"("computer_name":"ws01.corp.example","event_id":"1","record_id":"77","event_data":)"
      R"({"UtcTime":"2026-03-01 10:00:00.100","ProcessGuid":"{0b1c2d3e-0000-1111-2222-333344445555}",)"
      R"("ProcessId":"4242","Image":"C:\\Tools\\probe.exe","LogonId":"0x3e7"}}})",
      std::string(kData.substr(0, kData.size() - 1)) +
          R"(,"RenderingInfo.Message":"Process Create:"})");
  expect_the_event(
      R"({"@timestamp":"2026-03-01T10:00:00.123Z","event.code":1,)"
      R"("winlog.channel":"Microsoft-Windows-Sysmon/Operational","winlog.provider_name":"Microsoft-Windows-Sysmon",)"
      R"("winlog.computer_name":"ws01.corp.example","winlog.record_id":77,)"
      R"("winlog.event_data.UtcTime":"2026-03-01 10:00:00.100",)"
      R"("winlog.event_data.ProcessGuid":"{0B1C2D3E-0000-1111-2222-333344445555}",)"
      R"("winlog.event_data.ProcessId":"4242","winlog.event_data.Image":"C:\\Tools\\probe.exe",)"
      R"("winlog.event_data.LogonId":"0x3e7"})");
}

TEST(Forms, Winlogbeat6AndElasticHit) {
  const std::string source =
      R"({"@timestamp":"2026-03-01T10:00:00.123Z","log_name":"Microsoft-Windows-Sysmon/Operational",)"
      R"("source_name":"Microsoft-Windows-Sysmon","computer_name":"ws01.corp.example","event_id":1,)"
      R"("record_number":"77","level":"Information","type":"wineventlog","event_data":)"
      R"({"UtcTime":"2026-03-01 10:00:00.100","ProcessGuid":"{0B1C2D3E-0000-1111-2222-333344445555}",)"
      R"("ProcessId":"4242","Image":"C:\\Tools\\probe.exe","LogonId":"0x3e7"}})";
  expect_the_event(source);
  expect_the_event(R"({"_index":"winlogbeat","_id":"a","_source":)" + source + "}");
  expect_the_event(R"({"took":3,"hits":{"total":1,"hits":[ {"_source":)" + source + "}]}}");
}

TEST(Forms, NxlogTakesTheZoneFromTheReceipt) {
  expect_the_event(
      R"({"EventTime":"2026-03-01 05:00:00","EventReceivedTime":"2026-03-01 05:00:02",)"
      R"("@timestamp":"2026-03-01T10:00:03.500Z","Hostname":"ws01.corp.example","EventID":1,)"
      R"("SourceName":"Microsoft-Windows-Sysmon","Channel":"Microsoft-Windows-Sysmon/Operational",)"
      R"("RecordNumber":77,"Version":5,"Task":1,"OpcodeValue":0,"Keywords":-9223372036854775808,)"
      R"("ProcessID":2000,"ThreadID":2001,"UserID":"S-1-5-18","ProcessId":"4242"})",
      R"({"ProcessId":4242})");
}

TEST(Forms, SysmonsOwnTimeGoesBeforeATimeWithoutZone) {
  const Told told = told_by(
      R"({"EventTime":"2026-03-01 05:00:00","UtcTime":"2026-03-01 10:00:00.100","Hostname":"ws01",)"
      R"("EventID":1,"SourceName":"P","Channel":"C"})");
  EXPECT_THAT(told.records, ElementsAre(HasSubstr(R"("time":"2026-03-01T10:00:00.1000000Z")")));
}

TEST(Forms, TextOfAnEventsOwnProcessIdStaysAField) {
  const Told told = told_by(
      R"({"TimeCreated":"2026-03-01T10:00:00.138Z","Hostname":"ws01","EventID":5156,"Channel":"Security",)"
      R"("SourceName":"Microsoft-Windows-Security-Auditing","ProcessID":"3428","DestPort":"80"})");
  EXPECT_THAT(told.data, ElementsAre(R"({"ProcessID":3428,"DestPort":80})"));
}

TEST(Forms, FluentBitNamesTheStringInserts) {
  const Told told = told_by(
      R"({"ProviderName":"Microsoft-Windows-Security-Auditing","Qualifiers":"","EventID":4634,)"
      R"("Version":0,"Level":0,"Task":12545,"Opcode":0,"Keywords":"0x8020000000000000",)"
      R"("TimeCreated":"2026-03-01 19:00:00 +0900","EventRecordID":5,"ProcessID":700,"ThreadID":701,)"
      R"("Channel":"Security","Computer":"ws01","StringInserts":)"
      R"(["S-1-5-21-1-2-3-500","ann","CORP","0x1f2",3]})");
  EXPECT_THAT(told.problems, IsEmpty());
  EXPECT_THAT(told.records, ElementsAre(HasSubstr(R"("time":"2026-03-01T10:00:00.0000000Z")")));
  EXPECT_THAT(told.data,
              ElementsAre(R"({"TargetUserSid":"S-1-5-21-1-2-3-500","TargetUserName":"ann",)"
                          R"("TargetDomainName":"CORP","TargetLogonId":"0x1f2","LogonType":3})"));
}

TEST(Forms, LogAnalyticsWithDataAsXmlAndAsObject) {
  const Told xml = told_by(
      R"({"TimeGenerated":"2026-03-01T10:00:00.21Z","Computer":"ws01","EventSourceName":)"
      R"("Microsoft-Windows-Security-Auditing","Channel":"Security","Task":1,"Level":"0","EventID":5156,)"
      R"("EventData":"<EventData xmlns=\"x\">\r\n  <Data Name=\"ProcessID\">3936</Data>\r\n</EventData>"})");
  EXPECT_THAT(xml.problems, IsEmpty());
  EXPECT_THAT(xml.data, ElementsAre(R"({"ProcessID":3936})"));
  const Told item = told_by(
      R"({"TimeGenerated":"2026-03-01T10:00:00Z","Computer":"ws01","Source":"P","EventLog":"System",)"
      R"("EventID":7,"EventData":"<DataItem type=\"x\"><EventData><Data>a</Data></EventData></DataItem>"})");
  EXPECT_THAT(item.data, ElementsAre(R"({"Data":"a"})"));
  const Told object = told_by(
      R"({"TimeGenerated":"2026-03-01T10:00:01Z","TimeCreated":"2026-03-01T10:00:00Z","Provider":"P",)"
      R"("Channel":"C","Computer":"ws01","EventID":3,"EventData":"{\"ProcessId\":\"3936\"}","Type":"WindowsEvent"})");
  EXPECT_THAT(object.data, ElementsAre(R"({"ProcessId":3936,"Type":"WindowsEvent"})"));
  EXPECT_THAT(object.records[0], HasSubstr(R"("time":"2026-03-01T10:00:00.0000000Z")"));
}

TEST(Forms, GetWinEvent) {
  const Told told = told_by(
      R"([{"Id":4634,"Version":0,"Level":0,"RecordId":5,"ProviderName":"Microsoft-Windows-Security-Auditing",)"
      R"("LogName":"Security","ProcessId":700,"ThreadId":701,"MachineName":"ws01","UserId":null,)"
      R"("TimeCreated":"\/Date(1772359200123)\/","Properties":[{"Value":"S-1-5-18"},{"Value":"ann"},)"
      R"({"Value":"CORP"},{"Value":498},{"Value":3}]}])");
  EXPECT_THAT(told.problems, IsEmpty());
  EXPECT_THAT(told.records, ElementsAre(AllOf(HasSubstr(R"("time":"2026-03-01T10:00:00.1230000Z")"),
                                              HasSubstr(R"("TargetUserName":"ann")"))));
}

TEST(Forms, SplunkBlocks) {
  const std::string block =
      "03/01/2026 10:00:00 AM\nLogName=Security\nEventCode=4688\nEventType=0\n"
      "ComputerName=ws01.corp.example\nSourceName=Microsoft Windows security auditing.\n"
      "Type=Information\nRecordNumber=9\nTaskCategory=Process Creation\n"
      "Message=A new process has been created.\n\nCreator Subject:\n\tSecurity ID:\t\tS-1-5-18\n"
      "\tAccount Name:\t\tWS01$\n\nProcess Information:\n\tNew Process ID:\t\t0x1f4\n"
      "\tNew Process Name:\tC:\\Tools\\probe.exe\n\tProcess Command Line:\tprobe.exe -x: 1\n";
  const Told told = told_by(block + "\n" + block);
  EXPECT_THAT(told.problems, IsEmpty());
  ASSERT_EQ(told.records.size(), 2u);
  EXPECT_THAT(
      told.records[0],
      AllOf(HasSubstr(R"("provider":"Microsoft-Windows-Security-Auditing")"),
            HasSubstr(R"("event_id":4688)"), HasSubstr(R"("record_id":9)"),
            HasSubstr(R"("time":"2026-03-01T10:00:00.0000000Z")"),
            HasSubstr(R"("SubjectUserName":"WS01$")"), HasSubstr(R"("NewProcessId":"0x1f4")"),
            HasSubstr(R"("CommandLine":"probe.exe -x: 1")")));
}

TEST(Forms, SplunkResultsWithXml) {
  std::string answer;
  json::Writer writer(answer);
  writer.begin_object().key("preview").boolean(false).key("result").begin_object();
  writer.key("_raw").string(kXml).end_object().end_object();
  expect_the_event(answer);
}

TEST(Forms, EventViewerCsv) {
  const Told told = told_by(
      "\xef\xbb\xbfKeywords,Date and Time,Source,Event ID,Task Category\r\n"
      "Audit Success,3/1/2026 1:00:00 PM,Microsoft-Windows-Security-Auditing,4634,Logoff,"
      "\"An account was logged off.\r\n\r\nSubject:\r\n\tAccount Name:\t\t\"\"ann\"\"\r\n\r\n"
      "Logon Type:\t\t\t3\r\n\"\r\n");
  EXPECT_THAT(told.problems, IsEmpty());
  ASSERT_EQ(told.records.size(), 1u);
  EXPECT_THAT(told.records[0],
              AllOf(HasSubstr(R"("channel":"Security")"), HasSubstr(R"("event_id":4634)"),
                    HasSubstr(R"("time":"2026-03-01T13:00:00.0000000Z")"),
                    HasSubstr(R"("TargetUserName":"\"ann\"")"), HasSubstr(R"("LogonType":3)")));
}

TEST(Forms, HuntingRowsOfEachWay) {
  const std::string row =
      R"({"Timestamp":"2026-03-01T10:00:00.5Z","DeviceId":"0f","DeviceName":"ws01.corp.example",)"
      R"("ActionType":"FileCreated","FileName":"a.txt","ReportId":12,"SHA1":"","ProcessId":null})";
  const auto is_row = AllOf(HasSubstr(R"("channel":"AdvancedHunting-DeviceFileEvents")"),
                            HasSubstr(R"("computer":"ws01.corp.example")"),
                            HasSubstr(R"("record_id":12)"), HasSubstr(R"("DeviceId":"0f")"));
  EXPECT_THAT(told_by(row).records, ElementsAre(is_row));
  EXPECT_THAT(told_by(R"({"Schema":[{"Name":"Timestamp","Type":"DateTime"}],"Results":[)" + row +
                      "," + row + "]}")
                  .records,
              ElementsAre(is_row, is_row));
  EXPECT_THAT(told_by(R"({"records":[{"time":"2026-03-01T11:00:00Z","tenantId":"t","category":)"
                      R"("AdvancedHunting-DeviceFileEvents","properties":)" +
                      row + "}]}")
                  .records,
              ElementsAre(is_row));
  EXPECT_THAT(told_by("Timestamp,DeviceId,DeviceName,ActionType,FileName,ReportId\n"
                      "\"Mar 1\",0f,ws01.corp.example,FileCreated,a.txt,12\n"
                      "2026-03-01T10:00:00.5Z,0f,ws01.corp.example,FileCreated,a.txt,12\n"),
              ::testing::Field(&Told::records, ElementsAre(is_row)));
  EXPECT_THAT(
      told_by(R"({"Timestamp":"2026-03-01T10:00:00Z","AlertId":"a1","Title":"T","Category":)"
              R"("Execution","Severity":"High"})")
          .records,
      ElementsAre(HasSubstr(R"("channel":"AdvancedHunting-AlertInfo")")));
}

TEST(Forms, FindingsOfOthersAreAlerts) {
  const std::string hayabusa =
      R"({"Timestamp":"2026-03-01 10:00:00.123 +00:00","RuleTitle":"Odd Probe","Level":"crit","Computer":)"
      R"("ws01","Channel":"Sysmon","EventID":1,"RecordID":77,"MitreTags":["T1059.001"],"Details":{"Proc":"p"}})";
  const Told told = told_by(hayabusa + "\n" + hayabusa);
  ASSERT_EQ(told.records.size(), 2u);
  EXPECT_THAT(
      told.records[0],
      AllOf(HasSubstr(R"("channel":"AdvancedHunting-Alert")"), HasSubstr(R"("Severity":"High")"),
            HasSubstr(R"("Title":"Odd Probe")"), HasSubstr(R"(T1059.001)")));
  EXPECT_EQ(told.ids[0], told.ids[1]);
  EXPECT_THAT(
      told_by(
          R"([{"group":"Sigma","kind":"individual","document":{"kind":"evtx","data":{"Event":{"System":)"
          R"({"Computer":"ws02","EventRecordID":7,"EventID":1}}}},"name":"Rule","timestamp":)"
          R"("2026-03-01T10:00:00.1+00:00","level":"medium","tags":["attack.t1003"],"id":"x"}])")
          .records,
      ElementsAre(AllOf(HasSubstr(R"("computer":"ws02")"), HasSubstr(R"("Severity":"Medium")"),
                        HasSubstr("T1003"))));
}

}  // namespace
}  // namespace spoor::winlog

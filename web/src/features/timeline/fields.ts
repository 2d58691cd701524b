// Fields that the filter of a timeline completes, with values where the facets know some.
import type { TimelineFacets } from "@/api/gen/api";
import type { FilterField } from "@/lib/filterText";

const named: readonly (readonly [name: string, doc: string])[] = [
  ["ActionType", "What happened"],
  ["Group", "Event group"],
  ["Actor", "Acting process or account"],
  ["Account", "Account that acted"],
  ["Title", "Object of the sentence"],
  ["Detail", "Command line, path, port, value"],
  ["Techniques", "ATT&CK ids"],
  ["Source", "Channel or feed"],
  ["FileName", "Name of the file"],
  ["FolderPath", "Path of the file"],
  ["SHA1", "Hash of the file"],
  ["SHA256", "Hash of the file"],
  ["ProcessId", "Id of the process"],
  ["ProcessCommandLine", "Command line of the new process"],
  ["InitiatingProcessFileName", "Acting process"],
  ["InitiatingProcessId", "Its id"],
  ["InitiatingProcessCommandLine", "Its command line"],
  ["InitiatingProcessParentFileName", "Its parent"],
  ["InitiatingProcessAccountName", "Its account"],
  ["RemoteIP", "Remote address or network"],
  ["RemotePort", "Remote port"],
  ["RemoteUrl", "Remote name"],
  ["LocalIP", "Local address"],
  ["LocalPort", "Local port"],
  ["RegistryKey", "Key"],
  ["RegistryValueName", "Value"],
  ["RegistryValueData", "Data of the value"],
  ["LogonType", "Kind of logon"],
  ["AccountName", "Account"],
  ["AccountDomain", "Its domain"],
  ["AdditionalFields", "Further facts"],
  ["Channel", "Channel of the record"],
  ["SourceEventId", "Number of the event"],
];

export function filterFields(facets: TimelineFacets | undefined): FilterField[] {
  const values = new Map(
    facets?.items.map((item) => [item.field, item.values.map((each) => each.value)]),
  );
  return named.map(([name, doc]) => ({ name, doc, values: values.get(name) ?? [] }));
}

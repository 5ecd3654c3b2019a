// What Grafana registers as it starts: transformations, and how options of a field take effect.
import {
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

const nothing = () => null;
const EDITORS = [
  'text', 'number', 'boolean', 'select', 'radio', 'unit', 'color', 'fieldColor', 'links', 'mappings', 'thresholds',
  'stats-picker', 'strings', 'timezone', 'field-name', 'dashboard-uid', 'multi-select', 'slider', 'value-mappings',
];
const isNumber = (field) => field.type === 'number';
const OPTIONS = [
  ['unit', unitOverrideProcessor, (field) => field.type !== 'time'],
  ['min', numberOverrideProcessor, isNumber],
  ['max', numberOverrideProcessor, isNumber],
  ['fieldMinMax', booleanOverrideProcessor],
  ['decimals', numberOverrideProcessor, isNumber],
  ['displayName', displayNameOverrideProcessor],
  ['color', identityOverrideProcessor],
  ['noValue', stringOverrideProcessor],
  ['mappings', valueMappingsOverrideProcessor],
  ['thresholds', thresholdsOverrideProcessor, isNumber],
  ['links', dataLinksOverrideProcessor],
  ['actions', identityOverrideProcessor],
  ['filterable', booleanOverrideProcessor],
];

export function option(id, process, shouldApply = () => true) {
  return { id, path: id, name: id, isCustom: false, editor: nothing, override: nothing, process, shouldApply, settings: {} };
}

export function register() {
  const unique = new Map(Object.values(standardTransformers).map((transformer) => [transformer.id, transformer]));
  standardTransformersRegistry.setInit(() =>
    [...unique.values()].map((transformer) => ({
      id: transformer.id,
      name: transformer.name,
      transformation: async () => transformer,
      editor: nothing,
      description: '',
    })),
  );
  standardFieldConfigEditorRegistry.setInit(() => OPTIONS.map((each) => option(...each)));
  standardEditorsRegistry.setInit(() => EDITORS.map((id) => ({ id, name: id, editor: nothing })));
}

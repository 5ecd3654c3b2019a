// Stands in for a part of Grafana that its packages expect to be there: who finds data sources.
import { getDataSourceSrv } from '@grafana/runtime';

export const getDataSourceInstance = (ref, scoped) => getDataSourceSrv().get(ref, scoped);
export const getDataSourceInstanceList = async (filters) => getDataSourceSrv().getList(filters);
export const getDefaultDataSourceInstanceListItem = async () => getDataSourceSrv().getList()[0];
export const getDataSourceInstanceSettings = async (ref) => getDataSourceSrv().getInstanceSettings(ref);

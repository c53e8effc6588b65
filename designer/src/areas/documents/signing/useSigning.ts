// How a person signs one task: with which key, where on the page, and what came of it. The server key is completed like any
// other task by the form; everything else runs here, and only the signature value or nothing at all passes through this code.

import { computed, onBeforeUnmount, ref, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { ApiError } from '../../../api/api-error.ts';
import { askLocalService, LocalServiceError } from '../../../api/local-service.ts';
import type { ProviderView, SigningOptionsView, SigningPlacesBody } from '../../../api/contract.ts';
import {
  answerSigningSession,
  cancelSigningSession,
  getSigningOptions,
  openSigningSession,
  signWithToken,
} from '../../../api/signing.ts';
import { useAction } from '../../../composables/useAction.ts';
import { BrowserKeyError, openBrowserKey } from './browser-key.ts';

export type ProviderId = ProviderView['id'];

/** Errors of the page itself in the words of the page; what the server says keeps its own. */
function inWords(error: unknown, t: (key: string) => string): unknown {
  const name =
    error instanceof BrowserKeyError
      ? `key-${error.reason}`
      : error instanceof LocalServiceError
        ? `service-${error.reason}`
        : null;
  if (name === null) return error;
  const message = t(`signing.problem.${name}.message`);
  const body = { code: 'SIGNING_IN_PAGE', message, action: t(`signing.problem.${name}.action`) };
  return new ApiError(422, { ...body, details: {}, reference: null }, { cause: error });
}

interface Wish {
  readonly taskKey: string;
  readonly pin: string;
  readonly places?: SigningPlacesBody;
}

async function signInBrowser(file: File, { pin, ...wish }: Wish): Promise<void> {
  const key = await openBrowserKey(file, pin);
  const { certificate, chain, scheme } = key;
  const session = await openSigningSession({
    ...wish,
    provider: 'browser-key',
    certificate,
    chain: [...chain],
    scheme,
  });
  if (session.hash === null) throw new ApiError(500, null);
  await answerSigningSession(session.sessionId, await key.sign(session.hash.signedAttributes));
}

async function signByService(taskKey: string, origin: string, signal: AbortSignal): Promise<void> {
  const found = await askLocalService(`${origin}/GetCertInfo`, {}, signal);
  const certificate = String(found['CertificateBase64'] ?? '');
  const session = await openSigningSession({ taskKey, provider: 'local-service', certificate, chain: [] });
  if (session.service === null) throw new ApiError(500, null);
  try {
    await askLocalService(session.service.url, session.service.message, signal);
  } catch (error) {
    await cancelSigningSession(session.sessionId);
    throw error;
  }
}

export function useSigning(taskKey: () => string) {
  const { t } = useI18n();
  const options = shallowRef<SigningOptionsView | null>(null);
  const providerId = ref<ProviderId>('server-key');
  const pin = ref('');
  const keyFile = shallowRef<File | null>(null);
  const places = shallowRef<SigningPlacesBody | undefined>(undefined);
  const action = useAction();
  /** Apart from signing: a list of ways that is slow or missing must not keep anybody from the key of the server. */
  const loading = useAction();
  let cancelling = new AbortController();

  const isServerKey = computed(() => providerId.value === 'server-key');
  const needsPin = computed(() => providerId.value !== 'local-service');
  const needsFile = computed(() => providerId.value === 'browser-key');

  async function load(): Promise<void> {
    const found = await loading.run(['options', taskKey()], () => getSigningOptions(taskKey()));
    if (found !== null) options.value = found;
  }

  async function perform(): Promise<true> {
    const wish = { taskKey: taskKey(), pin: pin.value, ...(places.value && { places: places.value }) };
    cancelling = new AbortController();
    try {
      if (providerId.value === 'browser-key' && keyFile.value !== null) await signInBrowser(keyFile.value, wish);
      else if (providerId.value === 'local-service') {
        const provider = options.value?.providers.find(({ id }) => id === providerId.value);
        await signByService(wish.taskKey, provider?.origin ?? '', cancelling.signal);
      } else await signWithToken(wish);
      return true;
    } catch (error) {
      throw inWords(error, t);
    } finally {
      pin.value = '';
    }
  }

  /** True when the document is signed. The PIN is no part of what is remembered. */
  const sign = async (): Promise<boolean> =>
    (await action.run(['sign', providerId.value, Date.now()], perform)) === true;
  const cancel = (): void => cancelling.abort();
  onBeforeUnmount(cancel);

  return { options, providerId, pin, keyFile, places, isServerKey, needsPin, needsFile, action, load, sign, cancel };
}

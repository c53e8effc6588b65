// Starts the web app: colours and language first, so that the first picture is already right.

import { createApp } from 'vue';
import App from './App.vue';
import { i18n, recallLanguage, setLanguage } from './i18n/index.ts';
import { router } from './router.ts';
import './styles/base.css';
import { applyPalette, lightPalette } from './styles/theme.ts';

applyPalette(lightPalette, document.documentElement);
await setLanguage(recallLanguage());
createApp(App).use(i18n).use(router).mount('#app');

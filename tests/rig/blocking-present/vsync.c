/* A Vulkan layer that makes a FIFO present block until the next tick of a made-up screen, as some
 * hardware drivers do and the software drivers of the virtual rooms do not.
 *
 *   VSYNC_HZ    ticks a second (default 60)
 *   VSYNC_DEAD  a file; present never returns for the swapchain whose number (counted from 0 in
 *               the order of creation) is in it: a screen that was switched off
 *
 * Each swapchain ticks in a phase of its own, up to 2 % of a tick apart, as real screens do.
 * The tables are fixed in size: what does not fit is passed on and does not block. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <vulkan/vk_layer.h>
#include <vulkan/vulkan.h>

#define MAX_INSTANCES 8      /* a program has one, or two */
#define MAX_DEVICES 256      /* ten screens, each rebuilt some twenty times */
#define MAX_SWAPCHAINS 1024  /* alive at one time */
#define PHASES 1000
#define PHASE_SHARE 0.02

struct instance { void *key; VkInstance handle; PFN_vkGetInstanceProcAddr get; PFN_vkDestroyInstance destroy; };
struct device {
    void *key;
    PFN_vkGetDeviceProcAddr get;
    PFN_vkQueuePresentKHR present;
    PFN_vkCreateSwapchainKHR create_swapchain;
    PFN_vkDestroySwapchainKHR destroy_swapchain;
    PFN_vkDestroyDevice destroy;
};
struct swapchain { VkSwapchainKHR handle; unsigned long number; int is_fifo, is_used; };

/* Everything below is read and written under the lock, and copied out of it before use. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct instance instances[MAX_INSTANCES];
static struct device devices[MAX_DEVICES];
static struct swapchain swapchains[MAX_SWAPCHAINS];
static unsigned long swapchains_made;

/* The loader's dispatch table: the same for a device and its queues, and for an instance and its
 * physical devices. */
static void *key_of(const void *object) { return *(void *const *)object; }

static int find_device(const void *object, struct device *found) {
    int known = 0;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_DEVICES && !known; i++)
        if (devices[i].key == key_of(object)) { *found = devices[i]; known = 1; }
    pthread_mutex_unlock(&lock);
    return known;
}

static int find_instance(const void *object, struct instance *found) {
    int known = 0;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_INSTANCES && !known; i++)
        if (instances[i].key && instances[i].key == key_of(object)) { *found = instances[i]; known = 1; }
    pthread_mutex_unlock(&lock);
    return known;
}

static double tick_rate(void) {
    const char *text = getenv("VSYNC_HZ");
    double hz = text ? atof(text) : 60.0;
    return hz > 0.0 ? hz : 60.0;
}

static void sleep_to_next_tick(unsigned long number) {
    double hz = tick_rate();
    struct timespec now, until;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double phase = (double)(number * 379 % PHASES) / PHASES * PHASE_SHARE / hz;
    double since = (double)now.tv_sec + (double)now.tv_nsec * 1e-9 - phase;
    double wake = ((double)(int64_t)(since * hz) + 1.0) / hz + phase;
    until.tv_sec = (time_t)wake;
    until.tv_nsec = (long)((wake - (double)until.tv_sec) * 1e9);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0) {}
}

static void block_if_dead(unsigned long number) {
    const char *path = getenv("VSYNC_DEAD");
    for (;;) {
        unsigned long dead;
        FILE *file = path ? fopen(path, "r") : NULL;
        if (!file) return;
        int is_dead = fscanf(file, "%lu", &dead) == 1 && dead == number;
        fclose(file);
        if (!is_dead) return;
        struct timespec pause = {0, 50000000};
        nanosleep(&pause, NULL);
    }
}

static VKAPI_ATTR VkResult VKAPI_CALL room_present(VkQueue queue, const VkPresentInfoKHR *info) {
    struct device device;
    if (!find_device(queue, &device)) return VK_ERROR_DEVICE_LOST;
    struct swapchain chain = {0};
    pthread_mutex_lock(&lock);
    for (int i = 0; info->swapchainCount > 0 && i < MAX_SWAPCHAINS; i++)
        if (swapchains[i].is_used && swapchains[i].handle == info->pSwapchains[0]) chain = swapchains[i];
    pthread_mutex_unlock(&lock);
    VkResult result = device.present(queue, info);
    if (chain.is_used && chain.is_fifo) {
        sleep_to_next_tick(chain.number);
        block_if_dead(chain.number);
    }
    return result;
}

static VKAPI_ATTR VkResult VKAPI_CALL room_create_swapchain(VkDevice handle, const VkSwapchainCreateInfoKHR *info,
                                                            const VkAllocationCallbacks *allocator, VkSwapchainKHR *made) {
    struct device device;
    if (!find_device(handle, &device)) return VK_ERROR_DEVICE_LOST;
    VkResult result = device.create_swapchain(handle, info, allocator, made);
    if (result != VK_SUCCESS) return result;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_SWAPCHAINS; i++) {
        if (swapchains[i].is_used) continue;
        swapchains[i].handle = *made;
        swapchains[i].number = swapchains_made++;
        swapchains[i].is_fifo = info->presentMode == VK_PRESENT_MODE_FIFO_KHR || info->presentMode == VK_PRESENT_MODE_FIFO_RELAXED_KHR;
        swapchains[i].is_used = 1;
        break;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

static VKAPI_ATTR void VKAPI_CALL room_destroy_swapchain(VkDevice handle, VkSwapchainKHR gone, const VkAllocationCallbacks *allocator) {
    struct device device;
    if (!find_device(handle, &device)) return;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_SWAPCHAINS; i++)
        if (swapchains[i].is_used && swapchains[i].handle == gone) swapchains[i].is_used = 0;
    pthread_mutex_unlock(&lock);
    device.destroy_swapchain(handle, gone, allocator);
}

static VKAPI_ATTR void VKAPI_CALL room_destroy_device(VkDevice handle, const VkAllocationCallbacks *allocator) {
    struct device device;
    if (!handle || !find_device(handle, &device)) return;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_DEVICES; i++)
        if (devices[i].key == device.key) memset(&devices[i], 0, sizeof devices[i]);
    pthread_mutex_unlock(&lock);
    device.destroy(handle, allocator);
}

static VKAPI_ATTR void VKAPI_CALL room_destroy_instance(VkInstance handle, const VkAllocationCallbacks *allocator) {
    struct instance instance;
    if (!handle || !find_instance(handle, &instance)) return;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_INSTANCES; i++)
        if (instances[i].key == instance.key) memset(&instances[i], 0, sizeof instances[i]);
    pthread_mutex_unlock(&lock);
    instance.destroy(handle, allocator);
}

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL room_get_device_proc(VkDevice handle, const char *name);

static VKAPI_ATTR VkResult VKAPI_CALL room_create_device(VkPhysicalDevice gpu, const VkDeviceCreateInfo *info,
                                                         const VkAllocationCallbacks *allocator, VkDevice *made) {
    VkLayerDeviceCreateInfo *link = (VkLayerDeviceCreateInfo *)info->pNext;
    while (link && !(link->sType == VK_STRUCTURE_TYPE_LOADER_DEVICE_CREATE_INFO && link->function == VK_LAYER_LINK_INFO))
        link = (VkLayerDeviceCreateInfo *)link->pNext;
    struct instance instance;
    if (!link || !find_instance(gpu, &instance)) return VK_ERROR_INITIALIZATION_FAILED;
    PFN_vkGetInstanceProcAddr get_instance = link->u.pLayerInfo->pfnNextGetInstanceProcAddr;
    PFN_vkGetDeviceProcAddr get = link->u.pLayerInfo->pfnNextGetDeviceProcAddr;
    link->u.pLayerInfo = link->u.pLayerInfo->pNext;
    PFN_vkCreateDevice create = (PFN_vkCreateDevice)get_instance(instance.handle, "vkCreateDevice");
    if (!create) return VK_ERROR_INITIALIZATION_FAILED;
    VkResult result = create(gpu, info, allocator, made);
    if (result != VK_SUCCESS) return result;
    struct device device = {
        .key = key_of(*made),
        .get = get,
        .present = (PFN_vkQueuePresentKHR)get(*made, "vkQueuePresentKHR"),
        .create_swapchain = (PFN_vkCreateSwapchainKHR)get(*made, "vkCreateSwapchainKHR"),
        .destroy_swapchain = (PFN_vkDestroySwapchainKHR)get(*made, "vkDestroySwapchainKHR"),
        .destroy = (PFN_vkDestroyDevice)get(*made, "vkDestroyDevice"),
    };
    int is_kept = 0;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_DEVICES && !is_kept; i++)
        if (!devices[i].key) { devices[i] = device; is_kept = 1; }
    pthread_mutex_unlock(&lock);
    if (is_kept) return VK_SUCCESS;
    device.destroy(*made, allocator);
    return VK_ERROR_TOO_MANY_OBJECTS;
}

static VKAPI_ATTR VkResult VKAPI_CALL room_create_instance(const VkInstanceCreateInfo *info, const VkAllocationCallbacks *allocator,
                                                           VkInstance *made) {
    VkLayerInstanceCreateInfo *link = (VkLayerInstanceCreateInfo *)info->pNext;
    while (link && !(link->sType == VK_STRUCTURE_TYPE_LOADER_INSTANCE_CREATE_INFO && link->function == VK_LAYER_LINK_INFO))
        link = (VkLayerInstanceCreateInfo *)link->pNext;
    if (!link) return VK_ERROR_INITIALIZATION_FAILED;
    PFN_vkGetInstanceProcAddr get = link->u.pLayerInfo->pfnNextGetInstanceProcAddr;
    link->u.pLayerInfo = link->u.pLayerInfo->pNext;
    PFN_vkCreateInstance create = (PFN_vkCreateInstance)get(NULL, "vkCreateInstance");
    if (!create) return VK_ERROR_INITIALIZATION_FAILED;
    VkResult result = create(info, allocator, made);
    if (result != VK_SUCCESS) return result;
    struct instance instance = {key_of(*made), *made, get, (PFN_vkDestroyInstance)get(*made, "vkDestroyInstance")};
    int is_kept = 0;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAX_INSTANCES && !is_kept; i++)
        if (!instances[i].key) { instances[i] = instance; is_kept = 1; }
    pthread_mutex_unlock(&lock);
    if (is_kept) return VK_SUCCESS;
    instance.destroy(*made, allocator);
    return VK_ERROR_TOO_MANY_OBJECTS;
}

static const struct { const char *name; PFN_vkVoidFunction function; } device_functions[] = {
    {"vkGetDeviceProcAddr", (PFN_vkVoidFunction)room_get_device_proc},
    {"vkQueuePresentKHR", (PFN_vkVoidFunction)room_present},
    {"vkCreateSwapchainKHR", (PFN_vkVoidFunction)room_create_swapchain},
    {"vkDestroySwapchainKHR", (PFN_vkVoidFunction)room_destroy_swapchain},
    {"vkDestroyDevice", (PFN_vkVoidFunction)room_destroy_device},
};

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL room_get_device_proc(VkDevice handle, const char *name) {
    for (size_t i = 0; i < sizeof device_functions / sizeof *device_functions; i++)
        if (strcmp(name, device_functions[i].name) == 0) return device_functions[i].function;
    struct device device;
    return handle && find_device(handle, &device) ? device.get(handle, name) : NULL;
}

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL room_get_instance_proc(VkInstance handle, const char *name) {
    if (strcmp(name, "vkGetInstanceProcAddr") == 0) return (PFN_vkVoidFunction)room_get_instance_proc;
    if (strcmp(name, "vkCreateInstance") == 0) return (PFN_vkVoidFunction)room_create_instance;
    if (strcmp(name, "vkDestroyInstance") == 0) return (PFN_vkVoidFunction)room_destroy_instance;
    if (strcmp(name, "vkCreateDevice") == 0) return (PFN_vkVoidFunction)room_create_device;
    for (size_t i = 0; i < sizeof device_functions / sizeof *device_functions; i++)
        if (strcmp(name, device_functions[i].name) == 0) return device_functions[i].function;
    struct instance instance;
    return handle && find_instance(handle, &instance) ? instance.get(handle, name) : NULL;
}

__attribute__((visibility("default"))) VKAPI_ATTR VkResult VKAPI_CALL
vkNegotiateLoaderLayerInterfaceVersion(VkNegotiateLayerInterface *version) {
    version->loaderLayerInterfaceVersion = 2;
    version->pfnGetInstanceProcAddr = room_get_instance_proc;
    version->pfnGetDeviceProcAddr = room_get_device_proc;
    version->pfnGetPhysicalDeviceProcAddr = NULL;
    return VK_SUCCESS;
}
